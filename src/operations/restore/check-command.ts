import type { Environment } from '../../domain/settings.ts';
import { kubectl } from '../../planning/typed-commands.ts';
import type { AwaitCheckJobInput } from '../../steps/kubernetes/await-check-job.ts';
import { checkJobName } from '../../steps/kubernetes/start-check-job.ts';
import { roleSecret } from '../../steps/step-input.ts';

/** What the steps are given that run the team's own check against the restored database, by the name that it has then. */
export function commandInputs({ checks, database: { verifyRole }, restore }: Environment, database: string) {
  if (!checks.command) return { 'start-check-job': {}, 'await-check-job': {} };
  const { withinMinutes, args, ...where } = checks.command;
  const input = {
    ...where,
    args: [...args],
    withinSeconds: Math.ceil(withinMinutes * 60),
    database,
    verifyRole: roleSecret(verifyRole),
    pollSeconds: restore.pollSeconds,
  } satisfies AwaitCheckJobInput;
  return { 'start-check-job': input, 'await-check-job': input };
}

/** What a person would type instead. */
export function checkCommands({
  environment,
  operation,
}: {
  readonly environment: Environment;
  readonly operation: string;
}) {
  const { command } = environment.checks;
  if (!command) return { 'start-check-job': [], 'await-check-job': [] };
  const job = `job/${checkJobName(operation)}`;
  return {
    'start-check-job': [kubectl(command, 'create', '-f', 'job.yaml')],
    'await-check-job': [
      kubectl(command, 'wait', job, '--for=condition=complete', `--timeout=${command.withinMinutes}m`),
      kubectl(command, 'logs', job),
    ],
  };
}
