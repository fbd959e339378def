import { permanent } from '../src/domain/errors.ts';
import { done, nothingToUndo, type Step, undoBy } from '../src/domain/step.ts';

/** A step that changes something; what it did is written down. */
export const change = (id: string, log: string[], over: Partial<Step> & { after?: readonly string[] } = {}) => ({
  id,
  fence: 'annotation-test' as const,
  run: async () => {
    log.push(id);
    return done({ id });
  },
  undo: undoBy(async () => {
    log.push(`undo ${id}`);
    return done({});
  }),
  ...over,
});
export const look = (id: string, over: Partial<Step> & { after?: readonly string[] } = {}) => ({
  id,
  fence: 'read-only' as const,
  polls: true as const,
  run: async () => done({}),
  undo: nothingToUndo,
  ...over,
});
export const broken = (id: string, over: { after?: readonly string[] } = {}) =>
  look(id, { run: () => Promise.reject(permanent('verification.failed')), ...over });
