import { Type, type Static, type TObject, type TUnsafe } from 'typebox';

/** A named schema: added to the application once; routes and the OpenAPI document refer to it. */
export interface Component<T extends TObject> {
  readonly schema: T & { readonly $id: string };
  readonly ref: TUnsafe<Static<T>>;
}

export const component = <T extends TObject>(name: string, schema: T): Component<T> => ({
  schema: { ...schema, $id: name },
  ref: Type.Unsafe<Static<T>>({ $ref: `${name}#` }),
});
