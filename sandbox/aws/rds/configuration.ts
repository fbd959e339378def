import { join } from 'node:path';
import type { ServerCertificate } from './certificates.ts';

export interface Configuration {
  readonly archiveFolder: string;
  readonly archiveTimeoutSeconds: number;
  readonly certificate: ServerCertificate | undefined;
  /** Of the instance's parameter group, `rds.…` ones among them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Recover up to here and then become a server of its own (needs a `recovery.signal` beside it). */
  readonly recovery?: Recovery;
  /** Follow another server (needs a `standby.signal` beside it). */
  readonly primary?: Primary;
}

export interface Primary {
  readonly socketFolder: string;
  readonly port: number;
  readonly archiveFolder: string;
}

export interface Recovery {
  readonly archiveFolder: string;
  readonly until: Date;
}

/** What RDS itself sets (`Source: system`) unless a parameter group says otherwise; sized for many servers on one small machine. */
export const systemSettings: Readonly<Record<string, string>> = {
  shared_buffers: '32MB',
  max_connections: '100',
  fsync: 'off',
  // In the data folder, and so gone with it whatever ends the server; /dev/shm would keep it.
  dynamic_shared_memory_type: 'mmap',
  wal_level: 'replica',
  archive_mode: 'on',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%t:%r:%u@%d:[%p]:',
  password_encryption: 'scram-sha-256',
};

/** postgresql.conf. It lies outside the data folder, so that a restored copy of the data can't bring its own along. */
export function serverConfiguration(folder: string, port: number, configuration: Configuration): string {
  const { archiveFolder, archiveTimeoutSeconds, certificate, parameters, recovery, primary } = configuration;
  const own = Object.entries(parameters).filter(([name]) => !name.startsWith('rds.'));
  const settings: Record<string, string> = {
    ...systemSettings,
    ...Object.fromEntries(own),
    ...(parameters['rds.logical_replication'] === '1' ? { wal_level: 'logical' } : {}),
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    unix_socket_permissions: '0700',
    hba_file: join(folder, 'pg_hba.conf'),
    archive_command: archiveCommand(archiveFolder),
    archive_timeout: String(Math.ceil(archiveTimeoutSeconds)),
    ...(certificate
      ? { ssl: 'on', ssl_cert_file: certificate.certificateFile, ssl_key_file: certificate.keyFile }
      : {}),
    ...recoverySettings(recovery),
    ...standbySettings(primary),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}

/** What streaming has missed, while one of the two was down, is in the archive. */
function standbySettings(primary: Primary | undefined): Record<string, string> {
  if (!primary) return {};
  return {
    primary_conninfo: `host=${primary.socketFolder} port=${primary.port} user=rdsadmin`,
    restore_command: restoreCommand(primary.archiveFolder),
  };
}

const restoreCommand = (folder: string) => `cp "${join(folder, '%f')}" "%p"`;

/** Without hot standby nobody gets in before it is over, and the parameters of the source's time don't matter. */
function recoverySettings(recovery: Recovery | undefined): Record<string, string> {
  if (!recovery) return {};
  return {
    restore_command: restoreCommand(recovery.archiveFolder),
    // Abbreviations of time zones, Z among them, are not read yet when this is.
    recovery_target_time: recovery.until.toISOString().replace('Z', '+00'),
    recovery_target_action: 'promote',
    hot_standby: 'off',
  };
}

/** A segment appears under its name only when it is whole; what it was not filled with takes no room. */
function archiveCommand(folder: string): string {
  const target = join(folder, '%f');
  return `test -f "${target}" || { cp --sparse=always "%p" "${target}.part" && mv "${target}.part" "${target}"; }`;
}

/**
 * pg_hba.conf. The superuser `rdsadmin` can be reached over the socket alone, as on RDS, where only the host's own
 * programs use it. With `rds.force_ssl` on, a connection without TLS finds no line that fits.
 */
export function accessRules(parameters: Readonly<Record<string, string>>): string {
  const kind = parameters['rds.force_ssl'] === '1' ? 'hostssl' : 'host';
  return [
    'local all rdsadmin trust',
    'local replication rdsadmin trust',
    'host all rdsadmin 127.0.0.1/32 reject',
    `${kind} all all 127.0.0.1/32 scram-sha-256`,
    '',
  ].join('\n');
}
