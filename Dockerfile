FROM python:3.13-slim

# Pinned packages first: they seldom change, so they come from the cache.
COPY requirements.txt /opt/execbot/
RUN pip install --no-cache-dir --requirement /opt/execbot/requirements.txt
COPY . /opt/execbot
RUN pip install --no-cache-dir --no-deps /opt/execbot

# A numeric user, so that Kubernetes can check that it isn't root. It can write only to /data.
RUN useradd --system --uid 10001 --home-dir /data execbot && install --directory --owner execbot /data
USER 10001
WORKDIR /data
VOLUME /data
ENV DATABASE_URL=sqlite:////data/execbot.db
EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '3000') + '/healthz', timeout=3)"]

# Run it with `--stop-timeout 20`: the last answer may take ten seconds, all that Docker waits by default.
ENTRYPOINT ["execbot"]
CMD ["run"]
