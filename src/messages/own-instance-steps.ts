import { plain } from './text.ts';

const kept = plain('kept beside as evidence; nothing uses it', '保留在一旁作為證據；沒有任何人使用它');

/** What the steps do that put a dump on an instance of its own; those of the load itself stand with the load. */
export const ownInstanceStepTexts = {
  'create-instance': { title: plain('Make a new, empty instance', '建立新的空 instance'), undo: kept },
  'create-roles': {
    title: plain('Make the roles that the dump needs', '建立 dump 需要的 role'),
    undo: plain('kept with the new instance; nothing uses it', '隨新的 instance 保留；沒有任何人使用它'),
  },
} as const;
