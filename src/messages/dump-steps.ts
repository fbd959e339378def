import { plain } from './text.ts';

const none = () => '';

/** What the steps of a dump, and of an adoption, do, and how they are taken back. */
export const dumpStepTexts = {
  'start-dump-job': {
    title: plain('Start the Job that dumps the database', '啟動產生 dump 的 Job'),
    undo: plain('its Job is removed, and its unfinished upload given up', '移除它的 Job，並中止未完成的上傳'),
  },
  'await-dump': {
    title: plain('Dump to S3, and read it back whole', '將 dump 送到 S3，並完整讀回'),
    undo: none,
  },
  'dump-by-exec': {
    title: plain(
      'Dump in the tools pod, to S3, and read it back whole',
      '在 tools pod 執行 pg_dump，送到 S3，並完整讀回',
    ),
    undo: plain(
      'its pg_dump in the pod is ended, and its unfinished upload given up',
      '結束 pod 中的 pg_dump，並中止未完成的上傳',
    ),
  },
  'check-dump': { title: plain('Check the dump and its manifest', '檢查 dump 與它的 manifest'), undo: none },
  'start-adopt-job': {
    title: plain('Start the Job that reads the archive', '啟動讀取 archive 的 Job'),
    undo: plain('its Job is removed', '移除它的 Job'),
  },
  'await-adopt': { title: plain('Read the archive whole', '完整讀取 archive'), undo: none },
  'check-adopt': { title: plain('Check the manifest', '檢查 manifest'), undo: none },
} as const;
