/** What an auditor reads, a line each. */
export type AuditEvent =
  | 'requested'
  | 'approved'
  | 'denied'
  | 'started'
  | 'findings-accepted'
  | 'findings-denied'
  | 'cut-over-approved'
  | 'cut-over-denied'
  | 'published'
  | 'turned-back'
  | 'parked'
  | 'closed';
