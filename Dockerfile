# The production image. The image brings Node itself, so the npm package "node", which brings it everywhere else, is
# left out: no install script runs (it would download Node again), and what is left of the package is removed. So is the
# sandbox's Slack, which is optional as the drawing library's own binary is.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/.bin/node node_modules/local-slack-*

FROM node:24.21.0-bookworm-slim
# pg_dump and pg_restore of the servers' own major versions, for the Jobs that make dumps.
ARG POSTGRES_CLIENTS=postgresql-client-15
# A font with Chinese, for the picture of a report.
RUN apt-get update && apt-get install -y --no-install-recommends ${POSTGRES_CLIENTS} fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
# Health and metrics are asked for from outside the container. They listen on loopback everywhere else.
ENV NODE_ENV=production \
  PITCREW_CONFIG=/etc/pitcrew/pitcrew.yaml \
  PITCREW_HTTP_HOST=0.0.0.0 \
  PITCREW_HTTP_PORT=8081 \
  NODE_COMPILE_CACHE=/app/.compiled
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY src ./src
# What is compiled once starts in half the time. Node keeps it by user and by flags: those that the entry point has.
RUN install -d -o 1000 -g 1000 /app/.compiled
# By number, so that Kubernetes can see that it isn't root. Nothing is written: a read-only file system will do.
USER 1000:1000
RUN ["node", "--max-semi-space-size=4", "--heap-growing-percent=50", "--eval", "await Promise.all(['bot', 'cli', 'job', 'check'].map((part) => import(`/app/src/compose-${part}.ts`))); await import('/app/src/compose.ts')"]
EXPOSE 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PITCREW_HTTP_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# V8 lets garbage grow to a multiple of what lives before it looks: with 5,000 operations that wait, a worker takes 250 MB
# this way, and 400 without.
ENTRYPOINT ["node", "--max-semi-space-size=4", "--heap-growing-percent=50", "src/main.ts"]
CMD ["start"]
