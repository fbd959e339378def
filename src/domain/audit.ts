/** What an auditor reads, a line each. */
export type AuditEvent =
  | 'requested'
  | 'approved'
  | 'denied'
  | 'started'
  | 'findings-accepted'
  | 'findings-denied'
  | 'published'
  | 'turned-back'
  | 'parked'
  | 'closed';
