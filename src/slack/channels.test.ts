import { describe, expect, it } from 'vitest';
import { allowedChannels, environmentOfChannel, isAllowed, matches } from './channels.ts';
import { production, settings } from './views/plans.fixture.ts';

const two = {
  ...settings,
  environments: {
    production,
    staging: { ...production, name: 'staging', channels: { ...production.channels, incident: 'C0STAGING' } },
  },
};

describe('where commands are taken', () => {
  it('takes them in channels of the pattern and in the incident and audit channels, nowhere else', () => {
    const allowed = (id: string, name: string) => isAllowed(settings, { id, name });
    expect(allowed('C0ANY', 'inc-42')).toBe(true);
    expect(allowed('C0INCPROD', 'war-room')).toBe(true);
    expect(allowed('C0AUDIT', 'audit')).toBe(true);
    expect(allowed('C0BUSINESS', 'business')).toBe(false);
    expect(allowed('D0DIRECT', 'directmessage')).toBe(false);
  });

  it('reads a pattern as a pattern and everything else literally', () => {
    expect([
      matches('inc-*', 'INC-1'),
      matches('#inc-*', 'inc-'),
      matches('inc.*', 'incident'),
      matches('inc-*', 'my-inc-1'),
    ]).toEqual([true, true, false, false]);
  });

  it('knows the environment of a channel only where it is one', () => {
    expect(environmentOfChannel(two, 'C0STAGING')).toBe('staging');
    expect(environmentOfChannel(two, 'C0AUDIT')).toBeUndefined();
    expect(allowedChannels(two)).toEqual(['<#C0INCPROD>', '<#C0STAGING>', '#inc-*']);
  });
});
