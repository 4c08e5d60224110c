FROM python:3.13-slim

# The pinned packages first: they change seldom, and come from the cache until they do.
COPY requirements.txt /opt/execbot/
RUN pip install --no-cache-dir --requirement /opt/execbot/requirements.txt
COPY . /opt/execbot
RUN pip install --no-cache-dir --no-deps /opt/execbot

# By its number, for those who check that it is not root's. /data is its only folder.
RUN useradd --system --uid 10001 --home-dir /data execbot && install --directory --owner execbot /data
USER 10001
WORKDIR /data
VOLUME /data
ENV DATABASE_URL=sqlite:////data/execbot.db
EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '3000') + '/healthz', timeout=3)"]

# Run it with `--stop-timeout 20`: a last answer may take ten seconds, as long as Docker waits by itself.
ENTRYPOINT ["execbot"]
CMD ["run"]
