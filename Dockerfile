# One image for worker, webhooks, migrations, the emulator and the command line.
FROM python:3.11-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1
WORKDIR /build

COPY requirements-build.lock requirements.lock ./
RUN python -m venv /tools \
    && /tools/bin/pip install --require-hashes --requirement requirements-build.lock \
    && python -m venv /app \
    && /tools/bin/uv pip install --python /app --require-hashes --requirement requirements.lock

# What is allowed in here, .dockerignore says.
COPY . .
RUN /tools/bin/uv build --python /tools --wheel --no-build-isolation --out-dir /dist \
    && /tools/bin/uv pip install --python /app --no-deps --compile-bytecode /dist/*.whl


FROM python:3.11-slim-trixie

RUN useradd --system --uid 10001 --home-dir /srv postroad \
    && install --directory --owner=postroad /srv /state
COPY --from=build /app /app

ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
WORKDIR /srv
CMD ["postroad", "--help"]
