# The service on the Node.js of the official image, in one that has no shell and no package manager. The Node.js that comes
# as a package for older machines is left out.
#   docker build -t ml-dsa-certificate-api .
#   docker run --rm --read-only -p 8000:8000 -e API_KEYS="$(openssl rand -hex 32)" ml-dsa-certificate-api

FROM node:24.21.0-trixie-slim@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts
# What is in the image, for those who watch for faults in it. Development is forgotten first: of what it needs too, npm would
# leave out what production needs (npm 11.19).
RUN npm pkg delete devDependencies optionalDependencies && npm sbom --sbom-format=cyclonedx > sbom.cdx.json

# The service in a few files, which start in half the time.
FROM node:24.21.0-trixie-slim@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe AS bundle
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY bin ./bin
COPY src ./src
COPY plugins ./plugins
COPY routes ./routes
COPY service ./service
COPY scripts/build.ts scripts/bundle.ts ./scripts/
RUN npm run build

# Debian 13's libc and libstdc++, certificates of CAs, and a user without rights.
FROM gcr.io/distroless/cc-debian13:nonroot@sha256:e792ab3d241a468a4fd7519ddbbebe66b49b5f365771716ea688ad40b6c6f1c2 AS service
COPY --from=packages /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=packages /app/sbom.cdx.json ./
COPY package.json LICENSE ./
COPY --from=bundle /app/dist ./dist

LABEL org.opencontainers.image.title="ML-DSA Certificate API" \
      org.opencontainers.image.description="REST service that makes ML-DSA (FIPS 204) X.509 certificates as RFC 9881 asks" \
      org.opencontainers.image.version="1.0.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="gcr.io/distroless/cc-debian13:nonroot"
ENV NODE_ENV=production PORT=8000
USER 65532:65532
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["/usr/local/bin/node", "dist/healthcheck.js"]
# Without SIGUSR1 nobody opens the inspector.
ENTRYPOINT ["/usr/local/bin/node", "--disable-sigusr1", "dist/start.js"]

# Builds the addon of the native engine.
FROM node:24.21.0-trixie-slim@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe AS addon
RUN apt-get update && apt-get install --yes --no-install-recommends g++ cmake ninja-build
WORKDIR /app
COPY native/build.sh native/addon.cc ./native/
RUN bash native/build.sh

# The service with it, and with the licence of AWS-LC, which is part of it:
#   docker build --target native -t ml-dsa-certificate-api:native .
FROM service AS native
COPY --from=addon /app/native/build ./native/build

# What is built where no target is named: the service without it.
FROM service
