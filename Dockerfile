# One image for migrate, api and worker; docker-compose.yml says which of them a container is.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY portal/package.json ./portal/
RUN npm ci

FROM packages AS build
COPY . .
RUN npm run build -- --code-only && npm prune --omit=dev

# Beside the code: a change of the service does not build the page again.
FROM packages AS portal
COPY portal ./portal
RUN npm run build -w portal

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=portal /app/portal/dist ./dist/portal
COPY --from=build /app/docs ./docs
COPY --from=build /app/README.md ./
USER node
EXPOSE 3000 3001
# Node itself, without npm between: SIGTERM must reach our own orderly shutdown.
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
