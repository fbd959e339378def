/** How long a call to AWS may take, and how often the SDK tries it. Steps have retries of their own, so these stay short. */
export const connection = {
  maxAttempts: 3,
  requestHandler: {
    /** Milliseconds. */
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    throwOnRequestTimeout: true,
  },
} as const;
