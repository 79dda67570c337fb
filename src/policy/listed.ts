/** In a message; a list can be long, and a reply can have many messages. */
const MAX_LISTED = 5;

/** Returns the values with `or` between them. */
export const listed = (values: readonly string[]): string =>
  values.length <= MAX_LISTED
    ? values.join(' or ')
    : `${values.slice(0, MAX_LISTED).join(' or ')} or one of ${values.length - MAX_LISTED} more`;
