# The image holds Node, one bundled file and the proto folder. Built by: docker build -t agentgateway-control-plane .
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

# No shell, no package manager; nothing is written, so that the root file system can be read-only.
FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/proto ./proto
COPY --from=build /src/dist/agwcp.js ./dist/agwcp.js
ENV NODE_ENV=production
USER 10101
EXPOSE 9978 9092 9093
# The heap may take three quarters of the container's memory limit; by itself Node takes a quarter, or less.
ENTRYPOINT ["/nodejs/bin/node", "--max-old-space-size-percentage=75", "/app/dist/agwcp.js"]
CMD ["serve"]
