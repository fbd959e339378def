import { plain } from './text.ts';

const looks = plain('', '');

/** Steps of a rollback that a restore doesn't have, as an imperative each, and how each is taken back. */
export const rollbackStepTexts = {
  'prove-old': {
    title: plain('Prove that the old instance still is what it was', '確認舊的 instance 仍是原本的那一個'),
    undo: looks,
  },
  'let-in': {
    title: plain('Let the application into the old instance again', '重新允許 application 連線到舊的 instance'),
    undo: plain('barred again', '再次禁止連線'),
  },
  'try-login': {
    title: plain('Try the logins on the old instance', '測試舊的 instance 的登入'),
    undo: plain(
      'kept: a password that is in step with its secret harms nobody',
      '保留：與 secret 一致的密碼不影響任何人',
    ),
  },
  'measure-left': {
    title: plain('Measure what is left behind, table by table', '逐 table 計算會留下的資料'),
    undo: looks,
  },
  'switch-back': {
    title: plain('Point the secret to the old instance', '把 secret 指向舊的 instance'),
    undo: plain('points to the newer instance again, as a new version', '以新的 version 再指回較新的 instance'),
  },
  'prove-back': {
    title: plain('Prove that every pod is on the old instance', '確認每個 pod 都連到舊的 instance'),
    undo: looks,
  },
  'bar-left': {
    title: plain('Bar the application from the instance that it left', '禁止 application 連到剛離開的 instance'),
    undo: plain('let in again', '重新允許連線'),
  },
} as const;
