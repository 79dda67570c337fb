# The service with the Node.js of the official image, in an image without a shell and without a package manager.
# The npm packages with a Node.js for older machines are omitted.
#   docker build -t ml-dsa-certificate-api .
#   docker run --rm --read-only -p 8000:8000 -e API_KEYS="$(openssl rand -hex 32)" ml-dsa-certificate-api
# DATA_DIR is not set: the service stores nothing unless DATA_DIR or DATABASE_URL is set (docs/deployment.md).

FROM node:24.21.0-trixie-slim@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts
# The SBOM lists the packages of the image. The development dependencies are removed from package.json first:
# npm 11.19 would otherwise omit production packages that development also needs.
RUN npm pkg delete devDependencies optionalDependencies && npm sbom --sbom-format=cyclonedx > sbom.cdx.json

# The bundle of the service. It starts in half the time.
FROM node:24.21.0-trixie-slim@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe AS bundle
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY bin ./bin
COPY src ./src
COPY plugins ./plugins
COPY routes ./routes
COPY service ./service
COPY scripts/audit-checkpoint.ts scripts/audit-verify.ts scripts/backup.ts scripts/build.ts scripts/bundle.ts \
  scripts/ca.ts scripts/command-line.ts scripts/crl-export.ts scripts/open-authorities.ts scripts/rekey.ts ./scripts/
RUN npm run build
RUN mkdir data

# libc and libstdc++ of Debian 13, CA certificates, and a user without privileges.
FROM gcr.io/distroless/cc-debian13:nonroot@sha256:e792ab3d241a468a4fd7519ddbbebe66b49b5f365771716ea688ad40b6c6f1c2 AS service
COPY --from=packages /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=packages /app/sbom.cdx.json ./
COPY package.json LICENSE ./
COPY --from=bundle /app/dist ./dist
COPY --from=bundle /app/src/storage/sqlite/migrations ./src/storage/sqlite/migrations
COPY --from=bundle /app/src/storage/postgres/migrations ./src/storage/postgres/migrations
# A place for a volume. A new named volume gets the owner of this folder, and the service can write to it.
COPY --from=bundle --chown=65532:65532 /app/data /var/lib/mldsa-api

LABEL org.opencontainers.image.title="ML-DSA Certificate API" \
      org.opencontainers.image.description="REST service that issues ML-DSA (FIPS 204) X.509 certificates as RFC 9881 specifies" \
      org.opencontainers.image.version="1.0.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="gcr.io/distroless/cc-debian13:nonroot"
# Bounds of memory, also for workers: docs/operations.md.
ENV NODE_ENV=production PORT=8000 \
    MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=32768 NODE_OPTIONS=--max-semi-space-size=8
USER 65532:65532
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["/usr/local/bin/node", "dist/healthcheck.js"]
# --disable-sigusr1: a signal must not open the debugger port.
ENTRYPOINT ["/usr/local/bin/node", "--disable-sigusr1", "dist/start.js"]

# Builds the addon of the native engine.
FROM node:24.21.0-trixie-slim@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe AS addon
RUN apt-get update && apt-get install --yes --no-install-recommends g++ cmake ninja-build
WORKDIR /app
COPY native/build.sh native/addon.cc ./native/
RUN bash native/build.sh

# The service with the addon, and with the licence of AWS-LC, which the addon contains:
#   docker build --target native -t ml-dsa-certificate-api:native .
FROM service AS native
COPY --from=addon /app/native/build ./native/build

# The default target: the service without the addon.
FROM service
