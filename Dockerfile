# syntax=docker/dockerfile:1

# Scripts and styles.
FROM node:24.11.1-trixie-slim AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

# One static binary with everything in it, and the licence texts that go with it.
FROM golang:1.26.8-trixie AS server
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=frontend /src/frontend/dist frontend/dist
COPY --from=frontend /src/frontend/node_modules frontend/node_modules
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /out/sundial ./server \
 && go run -C tools ./licenses -texts /out/licenses \
 && mkdir /out/data

FROM debian:13.2-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /var/lib/sundial sundial
COPY --from=server /out/sundial /usr/local/bin/sundial
COPY --from=server /out/licenses /usr/share/doc/sundial/licenses
COPY LICENSE THIRD_PARTY.md /usr/share/doc/sundial/
COPY --from=server --chown=10001:10001 /out/data /var/lib/sundial
USER 10001:10001
ENV SUNDIAL_ADDR=0.0.0.0:8080 \
    SUNDIAL_DATA=/var/lib/sundial
VOLUME /var/lib/sundial
EXPOSE 8080
# bash speaks HTTP well enough to ask for readiness; no client needs installing for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["sundial"]
CMD ["serve"]
