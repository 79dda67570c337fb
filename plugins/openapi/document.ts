/** The parts of an OpenAPI document (version 3.1) that are changed after @fastify/swagger has generated it. */

export interface OpenapiDocument {
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    responses?: Record<string, object>;
    securitySchemes?: object;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Schema {
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly properties?: Readonly<Record<string, { default?: unknown; description?: string }>>;
}

export interface Operation {
  readonly requestBody?: { required: boolean; readonly content: Content };
  readonly responses: Record<string, Response | Reference>;
  security?: object;
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
