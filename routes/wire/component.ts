import { Type, type Static, type TObject, type TUnsafe } from 'typebox';

/** A schema with a name: added to the instance once, and pointed at by routes and by the OpenAPI document. */
export interface Component<T extends TObject> {
  readonly schema: T & { readonly $id: string };
  readonly ref: TUnsafe<Static<T>>;
}

export const component = <T extends TObject>(name: string, schema: T): Component<T> => ({
  schema: { ...schema, $id: name },
  ref: Type.Unsafe<Static<T>>({ $ref: `${name}#` }),
});
