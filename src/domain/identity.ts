/**
 * A signed `GetCallerIdentity` without what it is for: whoever checks it puts in their own words for that, so that a proof
 * for anything else has a wrong signature. Holds no secret key; `token` is half of a temporary credential all the same,
 * and is kept out of everything that lasts.
 */
export interface Proof {
  readonly accessKeyId: string;
  /** `yyyymmddThhmmssZ`. */
  readonly signedAt: string;
  readonly signature: string;
  readonly token?: string;
}

export interface Identity {
  /** Signs, with the credentials of this process's own AWS configuration, that it wants this. @throws PitcrewError `identity.no-credentials` */
  sign(purpose: string): Promise<Proof>;
  /**
   * Asks STS who signed this.
   * @throws PitcrewError `identity.*`: expired, forged, signed for something else, or nobody answers
   */
  callerOf(proof: Proof, purpose: string): Promise<string>;
}
