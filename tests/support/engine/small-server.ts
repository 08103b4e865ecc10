import { createServer } from 'node:http';

// Replaces api and worker in tests about processes only: ready at once, ends on request.
createServer((request, response) => {
  response.end(String(process.pid));
  if (request.url === '/die') {
    console.log('dying, as asked');
    process.exit(3);
  }
}).listen(Number(process.env['PORT']), '127.0.0.1');
