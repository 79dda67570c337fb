/** Completes the sentence "WEBHOOK_URLS must be". */
export const WEBHOOK_ADDRESSES =
  'at most 20 URLs that begin with https:// or http:// and have no user and no fragment, separated by commas';
