/** A value of a command's option, in the shapes that the AWS CLI knows. */
type Option =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly { readonly Key: string; readonly Value: string }[];

/**
 * The `aws` command that says the same as a request, for people to read: pitcrew never runs it.
 * @param request the API's parameter names with their values; undefined ones are left out
 */
export function awsCommand(
  service: 'rds' | 'secretsmanager',
  action: string,
  request: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  const options = Object.entries(request).flatMap(([name, value]) =>
    value === undefined ? [] : option(optionName(name), value as Option),
  );
  return ['aws', service, action, ...options];
}

/** A new version of a secret's document, and then the label that says it is the one: so that nobody reads half of it. */
export const switchCommands = (of: {
  readonly secret: string;
  /** The new version's own label. */
  readonly label: string;
  readonly document: `file://${string}`;
  readonly fromVersion: string;
}): readonly (readonly string[])[] => [
  awsCommand('secretsmanager', 'put-secret-value', {
    SecretId: of.secret,
    VersionStages: [of.label],
    SecretString: of.document,
  }),
  awsCommand('secretsmanager', 'update-secret-version-stage', {
    SecretId: of.secret,
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: '$NEW_VERSION_ID',
    RemoveFromVersionId: of.fromVersion,
  }),
];

function option(name: string, value: Option): readonly string[] {
  if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
  if (Array.isArray(value)) return [`--${name}`, ...value.map(item)];
  return [`--${name}`, String(value)];
}

const item = (one: string | { readonly Key: string; readonly Value: string }) =>
  typeof one === 'string' ? one : `Key=${one.Key},Value=${one.Value}`;

/** `DBInstanceIdentifier` → `db-instance-identifier`, as the AWS CLI names the options of an API. */
export function optionName(parameter: string): string {
  return parameter
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
