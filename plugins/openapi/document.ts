/** The parts of an OpenAPI 3.1 document that this plugin changes after @fastify/swagger has built it. */

export interface OpenapiDocument {
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly required?: readonly string[] }>>;
    responses?: Record<string, object>;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Operation {
  readonly requestBody?: { required: boolean; readonly content: Content };
  readonly responses: Record<string, Response | Reference>;
}

export interface Response {
  readonly content?: Content;
}

type Content = Readonly<Record<string, { readonly schema?: Reference }>>;

export interface Reference {
  readonly $ref: string;
}

export const operationsOf = ({ paths }: OpenapiDocument): readonly Operation[] =>
  Object.values(paths).flatMap((path) => Object.values(path));
