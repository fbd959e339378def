import { plain } from './text.ts';

const none = () => '';

/** What the steps of a restore from a dump do, and how they are taken back. */
export const loadStepTexts = {
  'create-database': {
    title: plain('Make an empty database for the dump', '為 dump 建立空的 database'),
    undo: plain(
      'dropped where it stands beside the live one; kept on an instance of its own',
      '在線上 database 旁的會移除；在獨立 instance 上的會保留',
    ),
  },
  'start-load-job': {
    title: plain('Start the Job that loads the dump', '啟動載入 dump 的 Job'),
    undo: plain('its Job is removed', '移除它的 Job'),
  },
  'await-load': { title: plain('Load the dump, VACUUM ANALYZE', '載入 dump，並執行 VACUUM ANALYZE'), undo: none },
  'prove-swappable': {
    title: plain(
      'Make sure that every session on the live database can be ended',
      '確認線上 database 的所有 session 都可以結束',
    ),
    undo: none,
  },
  'swap-names': {
    title: plain(
      'Swap the names of the two databases, in one transaction',
      '在一個 transaction 中交換兩個 database 的名稱',
    ),
    undo: plain('the names are swapped back', '將名稱交換回來'),
  },
  'prove-swapped': {
    title: plain('Prove that the application is on the restored database', '證明 application 已連上還原後的 database'),
    undo: none,
  },
} as const;
