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

/** A named schema of two components: a value fits exactly one of them. */
export interface Alternatives<A extends TObject, B extends TObject> {
  readonly schema: TUnsafe<Static<A> | Static<B>> & { readonly $id: string };
  readonly ref: TUnsafe<Static<A> | Static<B>>;
}

export const eitherOf = <A extends TObject, B extends TObject>(
  name: string,
  [first, second]: readonly [Component<A>, Component<B>],
  description: string,
): Alternatives<A, B> => ({
  schema: {
    ...Type.Unsafe<Static<A> | Static<B>>({
      oneOf: [{ $ref: `${first.schema.$id}#` }, { $ref: `${second.schema.$id}#` }],
      description,
    }),
    $id: name,
  },
  ref: Type.Unsafe<Static<A> | Static<B>>({ $ref: `${name}#` }),
});
