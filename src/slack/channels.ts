import type { Settings } from '../domain/settings.ts';

/** `inc-*` as a pattern of channel names: `*` stands for any run of characters. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern
    .replace(/^#/, '')
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(name);
}

/** Every channel that the config names for an environment. */
const channelsOf = ({ channels }: Settings['environments'][string]) =>
  [channels.incident, ...channels.stakeholders, channels.audit].filter((id) => id !== undefined && id !== '');

/** True where commands are taken: an incident channel by its name, or an incident or audit channel of the config. */
export function isAllowed(
  { slack, environments }: Settings,
  channel: { readonly id: string; readonly name: string },
): boolean {
  if (slack.incidentChannels.some((pattern) => matches(pattern, channel.name) || pattern === channel.id)) return true;
  return Object.values(environments).some(({ channels }) => [channels.incident, channels.audit].includes(channel.id));
}

/** The environment that a channel belongs to, where it is only one. */
export function environmentOfChannel({ environments }: Settings, channel: string): string | undefined {
  const own = Object.values(environments).filter((environment) => channelsOf(environment).includes(channel));
  return own.length === 1 ? own[0]?.name : undefined;
}

/** Where to go instead: patterns by name, channels by mention. */
export function allowedChannels({ slack, environments }: Settings): readonly string[] {
  const incident = Object.values(environments).map(({ channels }) => channels.incident);
  return [
    ...new Set([
      ...incident.filter((id) => id !== '').map((id) => `<#${id}>`),
      ...slack.incidentChannels.map((name) =>
        /^[CG][A-Z0-9]{2,}$/.test(name) ? `<#${name}>` : `#${name.replace(/^#/, '')}`,
      ),
    ]),
  ];
}
