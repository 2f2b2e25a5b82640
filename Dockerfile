# The controller. It has its own PostgreSQL unless DATABASE_URL names another.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
# The page is built with the development dependencies; what runs does without them, and without the page's own libraries.
RUN npm ci && npm run page \
  && npm ci --omit=dev --include-workspace-root --workspace packages/controller --workspace packages/cli

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build /app /app
# "node" is the image's own account; PostgreSQL refuses to run as root.
RUN mkdir /data && chown node:node /data
USER node
ENV NODE_ENV=production \
    PATH=/app/node_modules/.bin:$PATH \
    WIREBOOK_DATA=/data \
    WIREBOOK_LISTEN=0.0.0.0:8787
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8787/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "packages/controller/src/main.ts"]
