# One image for web, worker, beat, migrate and the rehearsal authority.
FROM node:22-slim AS styles
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.12-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PORTAL_VAR=/var/lib/portal
WORKDIR /app
COPY requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY --from=styles /app/node_modules/@uswds/uswds/dist node_modules/@uswds/uswds/dist
COPY . .
RUN python -m compileall -q portal brokers aeo declarations audits
RUN useradd --system --home /var/lib/portal portal && mkdir -p /var/lib/portal && chown portal /var/lib/portal
USER portal
EXPOSE 8000
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--workers", "2"]
