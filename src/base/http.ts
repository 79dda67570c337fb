/**
 * The module `node:http` for code that runs. `import` reads each export of a module of Node.js. The export `WebSocket`
 * then loads an HTTP client of 10 MB, in 20 ms of processor time, which this service never uses.
 */
export const http = process.getBuiltinModule('node:http');
