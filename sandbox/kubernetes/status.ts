/** An error as the API server answers it: a `Status` object (API conventions, "Response Status Kind"). */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly details: Record<string, unknown> | undefined;
  constructor(code: number, reason: string, message: string, details?: Record<string, unknown>) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

/** What authorization answers, in the API server's own words (RBAC's part of the message left out). */
export function forbidden(
  user: string,
  {
    verb,
    resource,
    namespace,
    name,
  }: { verb: string; resource: string; namespace?: string | undefined; name?: string | undefined },
): ApiError {
  const [whole = '', subresource] = resource.split('/');
  const [plural = '', ...group] = whole.split('.');
  const qualifiedName = group.length > 0 ? `${plural}.${group.join('.')}` : plural;
  const what = `cannot ${verb} resource "${plural}${subresource ? `/${subresource}` : ''}" in API group "${group.join('.')}"`;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const about = name ? `${qualifiedName} "${name}"` : qualifiedName;
  const details = { ...(name ? { name } : {}), ...(group.length > 0 ? { group: group.join('.') } : {}), kind: plural };
  return new ApiError(403, 'Forbidden', `${about} is forbidden: User "${user}" ${what} ${where}`, details);
}

/** `deployments.apps`, `pods`: how messages name a resource. */
export interface QualifiedResource {
  readonly group: string;
  readonly plural: string;
}

export const qualified = ({ group, plural }: QualifiedResource): string => (group ? `${plural}.${group}` : plural);

const detailsOf = (resource: QualifiedResource, name: string) => ({
  name,
  ...(resource.group ? { group: resource.group } : {}),
  kind: resource.plural,
});

export const notFound = (resource: QualifiedResource, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));

export const noSuchPath = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (resource: QualifiedResource, name: string): ApiError =>
  new ApiError(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name));

export const conflict = (
  resource: QualifiedResource,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    detailsOf(resource, name),
  );

export const invalid = (kind: string, group: string, name: string, field: string, message: string): ApiError =>
  new ApiError(422, 'Invalid', `${kind}${group ? `.${group}` : ''} "${name}" is invalid: ${field}: ${message}`, {
    name,
    ...(group ? { group } : {}),
    kind,
    causes: [{ reason: 'FieldValueInvalid', message, field }],
  });

/** What a patch that can't be applied gets, a failed `test` of a JSON Patch among them. */
export const patchRefused = (): ApiError =>
  new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);

export const gone = (message: string): ApiError => new ApiError(410, 'Expired', message);

export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized', 'Unauthorized');

export const methodNotAllowed = (): ApiError =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
