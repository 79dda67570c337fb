# The service on the Node of the image. The Node that comes as a package for older machines is left out.
#   docker build -t ml-dsa-certificate-api .
#   docker run --rm --read-only -p 8000:8000 -e API_KEYS="$(openssl rand -hex 32)" ml-dsa-certificate-api

FROM node:24-trixie-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-trixie-slim AS service
# Nothing is installed at run time.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-*
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY bin ./bin
COPY src ./src
COPY plugins ./plugins
COPY routes ./routes
COPY workers ./workers

LABEL org.opencontainers.image.title="ML-DSA Certificate API" \
      org.opencontainers.image.description="REST service that makes ML-DSA (FIPS 204) X.509 certificates as RFC 9881 asks" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production PORT=8000
USER 65532:65532
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "bin/healthcheck.js"]
ENTRYPOINT ["node", "bin/start.js"]

# Builds the addon of the native engine.
FROM node:24-trixie-slim AS addon
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
