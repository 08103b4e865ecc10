# One image for migrate, api and worker; docker-compose.yml says which of them a container is.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/docs ./docs
COPY --from=build /app/README.md ./
USER node
EXPOSE 3000 3001
# Node itself, without npm between: SIGTERM must reach our own orderly shutdown.
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
