/** What a mark on a timeline says. */
export type MarkedAs =
  | 'requested'
  | 'planned'
  | 'approved'
  | 'denied'
  | 'asked'
  | 'parked'
  | 'turned-back'
  | 'failed'
  | 'closed';

/** What people said to an operation, as a report tells it. */
export type ToldType = 'requested' | 'approve' | 'deny' | 'cancel-asked' | 'resumed' | 'supersede-asked';

/** The evidence of one operation: a document and a picture of its timeline. */
export interface Report {
  readonly operation: string;
  /** Where both are kept: `s3://bucket/prefix/records/reports/<op>/`. */
  readonly place: string;
  /** One line of Markdown: how it ended. */
  readonly summary: string;
  readonly markdown: Uint8Array;
  readonly picture: Uint8Array;
}
