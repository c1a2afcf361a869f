# Builds with the Rust toolchain and a C compiler, which this image has; no other build step, no network but that of the crates.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin omm

# Runs with the libraries of the system and the certificate authorities it trusts (for the TLS of the database).
# PostgreSQL is not in this image: DATABASE_URL names a server, see compose.yaml.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin omm
COPY --from=build /build/target/release/omm /usr/local/bin/omm
USER 10001
EXPOSE 8080
# bash opens the connection itself, so that no download tool needs to be in the image.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /v1/openapi.json HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["omm"]
CMD ["serve"]
