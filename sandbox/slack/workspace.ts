/** The people, channels and the app of a Slack workspace, as the sandbox sets it up. */
export interface Workspace {
  readonly teamId: string;
  readonly name: string;
  readonly domain: string;
  readonly app: WorkspaceApp;
  readonly users: Readonly<Record<string, WorkspaceUser>>;
  readonly channels: Readonly<Record<string, WorkspaceChannel>>;
}

export interface WorkspaceApp {
  readonly appId: string;
  readonly botUserId: string;
  readonly name: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly commands: readonly string[];
}

export interface WorkspaceUser {
  /** `U` and capitals or digits: local-slack takes a channel that starts with `U` for a direct message. */
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly role: string;
  /** Slack's form, `zh-TW`. local-slack keeps none; `completions.preload.ts` adds it to `users.info`. */
  readonly locale: string;
  readonly timeZone: string;
}

export interface WorkspaceChannel {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  /** Names of users; the bot is a member of every channel. */
  readonly members: readonly string[];
}

const everybody = ['rosa', 'amir', 'wei', 'dana', 'sam', 'mallory'] as const;

const person = (name: string, realName: string, role: string, locale = 'en-US', timeZone = 'Europe/Berlin') => ({
  id: `U0${name.toUpperCase()}`,
  name,
  realName,
  role,
  locale,
  timeZone,
});

const channel = (id: string, name: string, purpose: string, members: readonly string[]) => ({
  id,
  name,
  purpose,
  members,
});

export const sandboxWorkspace = {
  teamId: 'T0PITCREW',
  name: 'Pitcrew sandbox',
  domain: 'pitcrew-sandbox',
  app: {
    appId: 'A0PITCREW',
    botUserId: 'U0PITCREW',
    name: 'pitcrew',
    botToken: 'xoxb-sandbox-bot',
    appToken: 'xapp-sandbox-app',
    signingSecret: 'sandbox-signing-secret',
    commands: ['/backup'],
  },
  users: {
    rosa: person('rosa', 'Rosa Lindqvist', 'on-call engineer, requests'),
    amir: person('amir', 'Amir Haddad', 'approver'),
    wei: person('wei', '林威 (Wei Lin)', 'approver', 'zh-TW', 'Asia/Taipei'),
    dana: person('dana', 'Dana Okafor', 'approver, database administrator'),
    sam: person('sam', 'Sam Weiss', 'stakeholder'),
    mallory: person('mallory', 'Mallory Quinn', 'may approve nothing'),
  },
  channels: {
    incident: channel('C0INCPROD', 'inc-production', 'Incidents of production', everybody),
    business: channel('C0BUSINESS', 'business', 'What is down and when it is back, in plain words', everybody),
    audit: channel('C0AUDIT', 'pitcrew-audit', 'Everything that pitcrew was asked and did', [
      'rosa',
      'amir',
      'wei',
      'dana',
    ]),
  },
} as const satisfies Workspace;

/** The workspace as local-slack's config file wants it (its keys are Slack's own, in part). */
export function toLocalSlackConfig(workspace: Workspace): object {
  const { app } = workspace;
  const idOf = (name: string) => {
    const user = workspace.users[name];
    if (!user) throw new Error(`a channel of the workspace names "${name}", who is none of its users`);
    return user.id;
  };
  return {
    workspace: { name: workspace.name, domain: workspace.domain, teamId: workspace.teamId },
    apps: [
      {
        appId: app.appId,
        botUserId: app.botUserId,
        botName: app.name,
        botToken: app.botToken,
        appToken: app.appToken,
        signingSecret: app.signingSecret,
        mode: 'socket',
      },
    ],
    users: Object.values(workspace.users).map((user) => ({
      id: user.id,
      name: user.name,
      real_name: user.realName,
      tz: user.timeZone,
      locale: user.locale,
    })),
    channels: Object.values(workspace.channels).map((each) => ({
      id: each.id,
      name: each.name,
      purpose: each.purpose,
      members: [...each.members.map(idOf), app.botUserId],
    })),
  };
}
