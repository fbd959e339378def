import { type ErrorCatalogue, errorText, type Recorded } from './text.ts';
import { word } from './values.ts';

type Texts = Readonly<Record<string, (p: Recorded) => string>>;
const because = (texts: Texts) => (p: Recorded) => (texts[String(p.because)] ?? texts['no-master'])?.(p) ?? '';

/** What a person can do instead: the client hashes the password, so that it stands in no log. */
const byHand = (p: Recorded) => `\`\\password ${word(p, 'user')}\``;

/** What keeps a login on a restored instance from being brought in step with its secret. */
export const loginErrors: ErrorCatalogue = {
  'restore.login-refused': errorText(
    [
      (p) =>
        `The restored instance ${word(p, 'instance')} refuses ${word(p, 'user')} with the password of the secret ${word(p, 'secret')}, so the application was not put on it.`,
      because({
        'no-master': (p) =>
          `A restored instance has the passwords of its snapshot’s time. Name the master user’s secret as \`database.masterRole\`, or let RDS manage the master password, and ask again: pitcrew then repairs it. By hand: ${byHand(p)} as the master user.`,
        missing: () =>
          'The role wasn’t there yet when the snapshot was taken. Take a newer recovery point, or make the role with its grants on the restored instance and ask again.',
        'not-permitted': () =>
          'The master user may not change this role: on PostgreSQL 16 and later it needs the ADMIN OPTION on it; with `rds.restrict_password_commands` it must be a member of rds_password.',
        'still-refused': () =>
          'Its password was set and it is refused all the same: look at VALID UNTIL of the role, at rds_iam, and at pg_hba in the instance’s log.',
        'not-ascii': (p) =>
          `The password holds characters that clients don’t all send alike, so pitcrew doesn’t set it. Do it by hand with ${byHand(p)} as the master user.`,
      }),
    ],
    [
      (p) =>
        `Restore 出來的 instance ${word(p, 'instance')} 拒絕 ${word(p, 'user')} 以 secret ${word(p, 'secret')} 的密碼登入，因此 application 沒有切換過去。`,
      because({
        'no-master': (p) =>
          `Restore 出來的 instance 使用 snapshot 當時的密碼。請以 \`database.masterRole\` 指定 master user 的 secret，或讓 RDS 管理 master 密碼，然後重新提出請求：pitcrew 會自動修復。手動方式：以 master user 執行 ${byHand(p)}。`,
        missing: () =>
          '建立 snapshot 時還沒有這個 role。請使用較新的 recovery point，或在 restore 出來的 instance 上建立該 role 並授權後，重新提出請求。',
        'not-permitted': () =>
          'Master user 無權變更這個 role：PostgreSQL 16 以上需要該 role 的 ADMIN OPTION；若啟用 `rds.restrict_password_commands`，則必須是 rds_password 的成員。',
        'still-refused': () =>
          '密碼已經設定，仍然被拒絕：請檢查該 role 的 VALID UNTIL、rds_iam，以及 instance log 中的 pg_hba。',
        'not-ascii': (p) =>
          `密碼含有各種 client 傳送方式不一致的字元，因此 pitcrew 不設定它。請以 master user 手動執行 ${byHand(p)}。`,
      }),
    ],
  ),
  'restore.master-refused': errorText(
    [
      (p) =>
        `The login in the secret ${word(p, 'secret')} is refused by ${word(p, 'instance')}, and ${word(p, 'user')} is not its master user, ${word(p, 'master')}: RDS can’t set its password.`,
      () => 'Let `database.masterRole` name the secret of the master user, then ask again.',
    ],
    [
      (p) =>
        `Instance ${word(p, 'instance')} 拒絕 secret ${word(p, 'secret')} 的登入，而 ${word(p, 'user')} 不是它的 master user（${word(p, 'master')}）：RDS 無法設定它的密碼。`,
      () => '請讓 `database.masterRole` 指向 master user 的 secret，然後重新提出請求。',
    ],
  ),
  'restore.master-resetting': errorText(
    [
      (p) => `RDS is still setting the password of the master user ${word(p, 'user')} of ${word(p, 'instance')}.`,
      () => 'It is tried again.',
    ],
    [
      (p) => `RDS 仍在設定 instance ${word(p, 'instance')} 的 master user ${word(p, 'user')} 的密碼。`,
      () => '會自動重試。',
    ],
  ),
};
