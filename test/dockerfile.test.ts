import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageFlags } from '../sandbox/pitcrew.ts';
import { project } from './architecture/sources.ts';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** A Dockerfile's instructions, with continued lines joined and comments left out. */
function instructionsOf(text: string): readonly Instruction[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}

const file = readFileSync(join(project, 'Dockerfile'), 'utf8');
const instructions = instructionsOf(file);
const all = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);
const stages = instructions.flatMap(({ name }, i) => (name === 'FROM' ? [i] : []));
const last = instructions.slice(stages.at(-1));
const inLast = (name: string) => last.filter((one) => one.name === name).map(({ rest }) => rest);
const argv = (rest: string | undefined) => JSON.parse((rest ?? '').replace(/^.*?CMD /, '')) as string[];

/** Sources of the COPY instructions that take from the build's folder. */
const copied = all('COPY')
  .filter((rest) => !rest.includes('--from='))
  .flatMap((rest) => rest.split(/\s+/).slice(0, -1));

describe('Dockerfile', () => {
  it('has only instructions that Docker knows', () => {
    const known = [
      'ARG',
      'FROM',
      'WORKDIR',
      'COPY',
      'RUN',
      'ENV',
      'USER',
      'EXPOSE',
      'HEALTHCHECK',
      'ENTRYPOINT',
      'CMD',
    ];
    expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([]);
  });

  it('copies only what is there and what .dockerignore lets through', () => {
    const ignore = readFileSync(join(project, '.dockerignore'), 'utf8').split('\n');
    expect(copied.length).toBeGreaterThan(3);
    expect(copied.filter((path) => !existsSync(join(project, path)))).toEqual([]);
    expect(copied.filter((path) => !ignore.includes(`!${path}`))).toEqual([]);
    expect(ignore).toContain('**/*.test.ts');
  });

  it('copies from stages that there are', () => {
    const named = all('FROM').map((rest) => / AS (\w+)$/.exec(rest)?.[1]);
    for (const rest of all('COPY').filter((one) => one.includes('--from=')))
      expect(named).toContain(/--from=(\w+)/.exec(rest)?.[1]);
  });

  it('starts a file that it copied, as somebody who is not root, on the Node that the lock file has', () => {
    const [program, ...given] = argv(inLast('ENTRYPOINT')[0]);
    const entry = given.at(-1) ?? '';
    expect([program, ...given.slice(0, -1)]).toEqual(['node', ...imageFlags]);
    expect(existsSync(join(project, entry))).toBe(true);
    expect(copied.some((path) => entry === path || entry.startsWith(`${path}/`))).toBe(true);
    expect(argv(inLast('CMD')[0])).toEqual(['start']);
    expect(inLast('USER')).toEqual(['1000:1000']);
    const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    for (const image of all('FROM')) expect(image).toMatch(new RegExp(`^node:${dependencies.node}-bookworm-slim\\b`));
  });

  it('compiles beforehand what it starts, under the flags that it starts with', () => {
    const [program, ...given] = inLast('RUN').flatMap((rest) => (rest.startsWith('[') ? argv(rest) : []));
    expect([program, ...given.slice(0, -2)]).toEqual(['node', ...imageFlags]);
    const parts = /\['([\w', ]+)'\]/.exec(given.at(-1) ?? '')?.[1]?.split("', '") ?? [];
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(existsSync(join(project, `src/compose-${part}.ts`))).toBe(true);
  });

  it('installs no development dependency and asks /healthz whether it lives', () => {
    expect(all('RUN').join()).toContain('npm ci --omit=dev');
    const [check] = inLast('HEALTHCHECK');
    expect(argv(check).join(' ')).toContain('/healthz');
    expect(() => new Function(argv(check)[2] ?? '')).not.toThrow();
  });
});
