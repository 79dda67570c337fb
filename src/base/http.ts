/**
 * The module `node:http` for code that runs. `import` reads each export of a module of Node.js. The export `WebSocket`
 * then loads an HTTP client of 10 MB, in 20 ms of processor time. Only a service with a token issuer needs that client.
 */
export const http = process.getBuiltinModule('node:http');
