# One image for every process of an instance; what it does is the command. See docs/operations/deploy-with-containers.md.
FROM node:24-bookworm-slim AS build
WORKDIR /shoal
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit
COPY . .
RUN npx next build && npm prune --omit=dev --no-fund --no-audit && rm -rf .next/cache

FROM node:24-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
WORKDIR /shoal
COPY --from=build --chown=root:root /shoal ./
# The programs are root's and read-only to the process; the one folder it writes is the store of artifacts.
RUN mkdir -p /blobs && chown node:node /blobs
USER node
VOLUME /blobs
ENV BLOB_FOLDER=/blobs
EXPOSE 3000 3100
# PID 1 of the container is the program itself, so that SIGTERM ends it in order.
CMD ["node", "node_modules/next/dist/bin/next", "start", "-H", "0.0.0.0", "-p", "3000"]
