import { createServer } from 'node:http';

// Stands in for api and worker where only their life as a process matters: ready at once, dies when asked to.
createServer((request, response) => {
  response.end(String(process.pid));
  if (request.url === '/die') {
    console.log('dying, as asked');
    process.exit(3);
  }
}).listen(Number(process.env['PORT']), '127.0.0.1');
