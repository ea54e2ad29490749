# The image holds Node, one bundled file and the proto folder. Built by: docker build -t agentgateway-control-plane .
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/proto ./proto
COPY --from=build /src/dist/agwcp.js ./dist/agwcp.js
USER 10101
EXPOSE 9978 9092 9093
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/agwcp.js"]
CMD ["serve"]
