# catalogue.sh: the images, each a function of Dockerfile words (engine.sh), layered as Docker Hub's official images are.

DEFAULT="debian python redis nginx java"
FULL="debian busybox buildpack-deps python java node php ruby perl golang
 redis postgres mariadb memcached nginx httpd haproxy
 django express sinatra spring-boot tomcat activemq rabbitmq wordpress"

# ---- distro ----
img_debian() {
  _base() {
    apt_setup
    # merged /usr from the start, instead of the usrmerge package (which needs perl)
    local hook=() h; for h in /usr/share/mmdebstrap/hooks/{maybe-,}merged-usr; do
      [ -d "$h" ] && { hook=(--hook-dir="$h"); break; }; done
    SOURCE_DATE_EPOCH=$EPOCH mmdebstrap --quiet --mode=root --variant=minbase --format=directory \
      --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/lintian/*' \
      --dpkgopt='path-exclude=/usr/share/groff/*' \
      --include=tzdata,usr-is-merged "${hook[@]}" "$SUITE" "$ROOT" "$CACHE/apt/sources.list"
    cd "$ROOT"; rm -rf dev/* run/* etc/hostname etc/resolv.conf
    mv etc/dpkg/dpkg.cfg.d/99mmdebstrap etc/dpkg/dpkg.cfg.d/docker
    echo force-unsafe-io >etc/dpkg/dpkg.cfg.d/docker-apt-speedup
    rm -f etc/apt/apt.conf.d/99mmdebstrap
    echo 'Apt::AutoRemove::SuggestsImportant "false";' >etc/apt/apt.conf.d/docker-autoremove-suggests
    echo 'Acquire::Languages "none";' >etc/apt/apt.conf.d/docker-no-languages
    printf '#!/bin/sh\nexit 101\n' >usr/sbin/policy-rc.d; chmod 755 usr/sbin/policy-rc.d
    : >etc/machine-id
  }
  local sum; sum=$({ declare -f _base; echo "$SUITE"; } | sha256sum | cut -c1-64)
  layer "$(nextid <<<"base $sum")" "/bin/sh -c #(nop) ADD file:$sum in / " _base
  ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  CMD '["bash"]'
  CATEGORY distro; ARGS '["bash","-c","cat /etc/debian_version && echo ready"]'; READY exit ready
}
img_busybox() {
  FROM scratch
  _bb() {
    apt_setup; local d; d=$(mktemp -d)
    (cd "$d"; apt-get -c "$CACHE/apt/conf" -qq download busybox-static; dpkg-deb -x ./*.deb x)
    cd "$ROOT"; mkdir -p bin etc root tmp usr/bin usr/sbin var/www home; chmod 1777 tmp; chmod 700 root
    cp "$d/x/bin/busybox" bin/busybox; rm -rf "$d"
    local a; for a in $(bin/busybox --list); do [ "$a" = busybox ] || ln bin/busybox "bin/$a"; done
    echo 'root:x:0:0:root:/root:/bin/sh' >etc/passwd; echo 'root:x:0:' >etc/group
  }
  local sum; sum=$(declare -f _bb | sha256sum | cut -c1-64)
  layer "$(nextid <<<"base $sum")" "/bin/sh -c #(nop) ADD file:$sum in / " _bb
  ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  CMD '["sh"]'
  CATEGORY distro; ARGS '["sh","-c","uname -s && echo ready"]'; READY exit ready
}
# the common second layer of most Docker Hub images
curl_layer() { APT ca-certificates curl netbase tzdata; }
img_buildpack-deps() {
  FROM debian
  APT ca-certificates curl gnupg netbase sq wget
  APT git mercurial openssh-client subversion procps
  APT autoconf automake bzip2 file g++ gcc libbz2-dev libc6-dev libcurl4-openssl-dev libdb-dev \
      libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev libkrb5-dev \
      liblzma-dev libncurses5-dev libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev \
      libtool libwebp-dev libxml2-dev libxslt-dev libyaml-dev make patch unzip xz-utils zlib1g-dev
  CATEGORY distro
  ARGS '["sh","-c","echo \"int puts(const char*);int main(){puts(\\\"ready\\\");}\" >/tmp/a.c && gcc -o /tmp/a /tmp/a.c && /tmp/a"]'
  READY exit ready
}

# ---- language ----
img_python() {
  FROM debian
  curl_layer
  APT python3 python3-venv libsqlite3-0 libexpat1 libffi8 mime-support
  APT python3-pip python3-setuptools python3-wheel -- 'pip3 --version'
  RUN 'cd /usr/local/bin && ln -s /usr/bin/idle3 idle && ln -s /usr/bin/pydoc3 pydoc && ln -s /usr/bin/python3 python'
  ENV LANG=C.UTF-8
  CMD '["python3"]'
  CATEGORY language; READY exit ready
  ARGS '["python3","-c","import json, ssl, sqlite3, asyncio, http.client; print(\"ready\")"]'
}
img_java() {
  FROM debian
  APT binutils ca-certificates curl fontconfig locales netbase p11-kit tzdata
  ENV LANG=C.UTF-8
  ENV JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64
  RUN 'mkdir -p /usr/share/man/man1'
  APT openjdk-17-jre-headless -- 'java -Xshare:dump && java --version'
  COPY /opt/hello/Hello.java <<'EOF'
public class Hello {
  public static void main(String[] a) {
    System.out.println("ready " + java.util.stream.IntStream.range(0, 1000).sum());
  }
}
EOF
  CMD '["java","--version"]'
  CATEGORY language; ARGS '["java","/opt/hello/Hello.java"]'; READY exit ready
}
img_node() {
  FROM debian
  RUN 'groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node'
  curl_layer
  APT nodejs -- 'node --version'
  _npm() { npm install --silent --no-audit --no-fund -g --prefix "$ROOT/usr/local" npm@9 yarn@1.22.22; }
  HOSTRUN 'npm install -g npm@9 yarn@1.22.22 && npm cache clean --force' _npm
  COPY 755 /usr/local/bin/docker-entrypoint.sh <<'EOF'
#!/bin/sh
set -e
if [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ]; then set -- node "$@"; fi
exec "$@"
EOF
  ENTRYPOINT '["docker-entrypoint.sh"]'
  CMD '["node"]'
  CATEGORY language; READY exit ready
  ARGS '["node","-e","require(\"http\"); require(\"crypto\"); console.log(\"ready\")"]'
}
img_php() {
  FROM debian
  RUN 'set -eux; { echo "Package: php*"; echo "Pin: release *"; echo "Pin-Priority: 500"; } > /etc/apt/preferences.d/php'
  APT autoconf dpkg-dev file g++ gcc libc-dev make pkg-config re2c
  APT ca-certificates curl xz-utils
  ENV PHP_INI_DIR=/etc/php/8.2/cli
  APT php-cli php-curl php-mbstring php-xml php-sqlite3 -- 'php --version'
  COPY 755 /usr/local/bin/docker-php-entrypoint <<'EOF'
#!/bin/sh
set -e
if [ "${1#-}" != "$1" ]; then set -- php "$@"; fi
exec "$@"
EOF
  ENTRYPOINT '["docker-php-entrypoint"]'
  CMD '["php","-a"]'
  CATEGORY language; READY exit ready
  ARGS '["php","-r","echo json_encode([\"ready\", PHP_VERSION]), \"\\n\";"]'
}
img_ruby() {
  FROM debian
  APT bzip2 ca-certificates libffi-dev libgmp-dev libssl-dev libyaml-dev procps zlib1g-dev
  RUN 'set -eux; mkdir -p /usr/local/etc; { echo "install: --no-document"; echo "update: --no-document"; } >> /usr/local/etc/gemrc'
  ENV LANG=C.UTF-8
  APT ruby ruby-dev ruby-bundler -- 'ruby --version'
  ENV GEM_HOME=/usr/local/bundle
  RUN 'mkdir -p "/usr/local/bundle" && chmod 1777 "/usr/local/bundle"'
  CMD '["irb"]'
  CATEGORY language; READY exit ready
  ARGS '["ruby","-e","require \"json\"; require \"openssl\"; puts JSON.generate([:ready])"]'
}
img_perl() {
  FROM buildpack-deps
  APT perl libio-socket-ssl-perl cpanminus -- 'perl -v'
  WORKDIR /usr/src/app
  CMD '["perl","-de0"]'
  CATEGORY language; READY exit ready
  ARGS '["perl","-MJSON::PP","-MIO::Socket::SSL","-e","print encode_json([\"ready\"]), \"\\n\""]'
}
img_golang() {
  FROM debian
  APT g++ gcc libc6-dev make pkg-config ca-certificates
  ENV GOPATH=/go
  ENV GOTOOLCHAIN=local
  APT golang-go -- 'go version'
  RUN 'mkdir -p "/go/src" "/go/bin" && chmod -R 1777 "/go"'
  COPY /go/src/hello/hello.go <<'EOF'
package main

import "fmt"

func main() { fmt.Println("ready") }
EOF
  WORKDIR /go
  ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  CMD '["bash"]'
  CATEGORY language; ARGS '["go","run","/go/src/hello/hello.go"]'; READY exit ready
}

# ---- database ----
img_redis() {
  FROM debian
  RUN 'groupadd -r -g 999 redis && useradd -r -g redis -u 999 redis'
  APT ca-certificates gosu tzdata -- 'gosu nobody true'
  APT redis-server redis-tools -- 'rm -f /etc/redis/redis.conf; redis-server --version'
  RUN 'mkdir /data && chown redis:redis /data'
  COPY 755 /usr/local/bin/docker-entrypoint.sh <<'EOF'
#!/bin/sh
set -e
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then set -- redis-server "$@"; fi
if [ "$1" = 'redis-server' -a "$(id -u)" = '0' ]; then
  find . \! -user redis -exec chown redis '{}' +
  exec gosu redis "$0" "$@"
fi
exec "$@"
EOF
  VOLUME /data; WORKDIR /data; EXPOSE 6379/tcp
  ENTRYPOINT '["docker-entrypoint.sh"]'
  CMD '["redis-server"]'
  CATEGORY database; READY tcp 6379
}
img_postgres() {
  FROM debian
  RUN 'groupadd -r postgres --gid=999 && useradd -r -g postgres --uid=999 --home-dir=/var/lib/postgresql --shell=/bin/bash postgres && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql'
  APT gnupg less gosu
  APT locales -- 'localedef -i en_US -c -f UTF-8 en_US.UTF-8'
  ENV LANG=en_US.utf8
  APT libnss-wrapper xz-utils zstd
  RUN 'mkdir /docker-entrypoint-initdb.d /etc/postgresql-common && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf'
  ENV PG_MAJOR=15
  ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin
  APT postgresql-15 -- '/usr/lib/postgresql/15/bin/postgres --version'
  RUN 'sed -ri "s!^#?(listen_addresses)\s*=\s*\S+.*!\1 = '"'*'"'!" /usr/share/postgresql/15/postgresql.conf.sample'
  RUN 'mkdir -p /var/run/postgresql && chown -R postgres:postgres /var/run/postgresql && chmod 3777 /var/run/postgresql'
  ENV PGDATA=/var/lib/postgresql/data
  RUN 'install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data'
  COPY 755 /usr/local/bin/docker-entrypoint.sh <<'EOF'
#!/bin/sh
set -e
if [ "$1" = postgres ] && [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres "$PGDATA" /var/run/postgresql; chmod 700 "$PGDATA"
  exec gosu postgres "$0" "$@"
fi
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username=postgres --auth=trust
  echo "host all all all trust" >>"$PGDATA/pg_hba.conf"
fi
exec "$@"
EOF
  VOLUME /var/lib/postgresql/data; STOPSIGNAL SIGINT; EXPOSE 5432/tcp
  ENTRYPOINT '["docker-entrypoint.sh"]'
  CMD '["postgres"]'
  CATEGORY database; READY tcp 5432
}
img_mariadb() {
  FROM debian
  RUN 'groupadd -r mysql -g 999 && useradd -r -g mysql -u 999 --home-dir /var/lib/mysql mysql'
  APT ca-certificates gosu gpg libjemalloc2 pwgen tzdata xz-utils zstd
  RUN 'mkdir /docker-entrypoint-initdb.d'
  APT mariadb-server -- 'rm -rf /var/lib/mysql && mkdir -p /var/lib/mysql /run/mysqld && chown -R mysql:mysql /var/lib/mysql /run/mysqld && chmod 1777 /run/mysqld && find /etc/mysql/ -name "*.cnf" -print0 | xargs -0 sed -i -E "s/^(bind-address|log-bin)/#\1/"'
  COPY 755 /usr/local/bin/docker-entrypoint.sh <<'EOF'
#!/bin/sh
set -e
if [ "$1" = mariadbd ] && [ "$(id -u)" = 0 ]; then
  mkdir -p /run/mysqld; chown mysql /var/lib/mysql /run/mysqld
  exec gosu mysql "$0" "$@"
fi
if [ "$1" = mariadbd ] && [ ! -d /var/lib/mysql/mysql ]; then
  mariadb-install-db --datadir=/var/lib/mysql --auth-root-authentication-method=normal --skip-test-db --force
fi
exec "$@"
EOF
  VOLUME /var/lib/mysql; EXPOSE 3306/tcp
  ENTRYPOINT '["docker-entrypoint.sh"]'
  CMD '["mariadbd"]'
  CATEGORY database; READY tcp 3306
}
img_memcached() {
  FROM debian
  RUN 'groupadd --system --gid 11211 memcache && useradd --system --gid memcache --uid 11211 memcache'
  APT libsasl2-modules memcached -- 'memcached -V'
  COPY 755 /usr/local/bin/docker-entrypoint.sh <<'EOF'
#!/bin/sh
set -e
if [ "${1#-}" != "$1" ]; then set -- memcached "$@"; fi
exec "$@"
EOF
  RUNUSER memcache; EXPOSE 11211/tcp
  ENTRYPOINT '["docker-entrypoint.sh"]'
  CMD '["memcached"]'
  CATEGORY database; READY tcp 11211
}

# ---- web server ----
img_nginx() {
  FROM debian
  LABEL maintainer=nobody
  APT ca-certificates curl gettext-base
  APT nginx libnginx-mod-http-image-filter libnginx-mod-http-xslt-filter libnginx-mod-http-geoip -- \
    'rm -f /etc/nginx/sites-enabled/default && ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log && mkdir /docker-entrypoint.d'
  COPY 755 /docker-entrypoint.sh <<'EOF'
#!/bin/sh
set -e
if [ "$1" = nginx ]; then
  find /docker-entrypoint.d/ -follow -type f -name '*.sh' | sort -V | while read -r f; do "$f"; done
fi
exec "$@"
EOF
  COPY 755 /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh <<'EOF'
#!/bin/sh
[ -f /proc/net/if_inet6 ] || exit 0
sed -i -E 's,listen       80;,listen       80;\n    listen  [::]:80;,' /etc/nginx/conf.d/default.conf
EOF
  COPY /etc/nginx/conf.d/default.conf <<'EOF'
server {
    listen       80;
    server_name  localhost;
    location / { root /usr/share/nginx/html; index index.html; }
}
EOF
  EXPOSE 80/tcp; STOPSIGNAL SIGQUIT
  ENTRYPOINT '["/docker-entrypoint.sh"]'
  CMD '["nginx","-g","daemon off;"]'
  CATEGORY web-server; READY tcp 80
}
img_httpd() {
  FROM debian
  RUN 'mkdir -p "/usr/local/apache2" && chown www-data:www-data "/usr/local/apache2"'
  APT ca-certificates libaprutil1-ldap libldap-common
  APT apache2 -- 'ln -sf /dev/stderr /var/log/apache2/error.log; ln -sf /dev/stdout /var/log/apache2/access.log; echo "ServerName localhost" > /etc/apache2/conf-enabled/servername.conf'
  COPY 755 /usr/local/bin/httpd-foreground <<'EOF'
#!/bin/sh
set -e
. /etc/apache2/envvars
mkdir -p /run/lock "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR"
rm -f "$APACHE_PID_FILE"
exec apache2 -DFOREGROUND "$@"
EOF
  EXPOSE 80/tcp; STOPSIGNAL SIGWINCH
  CMD '["httpd-foreground"]'
  CATEGORY web-server; READY tcp 80
}
img_haproxy() {
  FROM debian
  RUN 'groupadd --gid 99 --system haproxy && useradd --gid haproxy --home-dir /var/lib/haproxy --no-create-home --system --uid 99 haproxy && mkdir -p /var/lib/haproxy && chown haproxy:haproxy /var/lib/haproxy'
  APT ca-certificates haproxy -- 'haproxy -v'
  COPY /usr/local/etc/haproxy/haproxy.cfg <<'EOF'
defaults
  mode http
  timeout client 10s
  timeout connect 5s
  timeout server 10s
frontend web
  bind :8080
  http-request return status 200 content-type text/plain string "ready\n"
EOF
  COPY 755 /usr/local/bin/docker-entrypoint.sh <<'EOF'
#!/bin/sh
set -e
if [ "${1#-}" != "$1" ]; then set -- haproxy "$@"; fi
if [ "$1" = haproxy ]; then shift; set -- haproxy -W -db "$@"; fi
exec "$@"
EOF
  EXPOSE 8080/tcp; STOPSIGNAL SIGUSR1
  ENTRYPOINT '["docker-entrypoint.sh"]'
  CMD '["haproxy","-f","/usr/local/etc/haproxy/haproxy.cfg"]'
  CATEGORY web-server; READY tcp 8080
}

# ---- web framework ----
img_django() {
  FROM python
  APT gunicorn python3-django python3-sqlparse
  RUN 'mkdir -p /usr/src/app && cd /usr/src/app && django-admin startproject mysite . && sed -i -E "s/^(SECRET_KEY = ).*/\1\"fixed\"/; s/^ALLOWED_HOSTS = .*/ALLOWED_HOSTS = [\"*\"]/" mysite/settings.py'
  WORKDIR /usr/src/app; EXPOSE 8000/tcp
  CMD '["sh","-c","python3 manage.py migrate && exec gunicorn -b 0.0.0.0:8000 -w 2 mysite.wsgi"]'
  CATEGORY web-framework; READY tcp 8000
}
img_express() {
  FROM node
  WORKDIR /usr/src/app
  _express() {
    mkdir -p "$ROOT/usr/src/app"
    npm install --silent --no-audit --no-fund --prefix "$ROOT/usr/src/app" \
      express@4.19.2 body-parser@1.20.2 ejs@3.1.10 morgan@1.10.0 lodash@4.17.21 sequelize@6.37.3
  }
  HOSTRUN 'npm install express body-parser ejs morgan lodash sequelize' _express
  COPY /usr/src/app/server.js <<'EOF'
const express = require('express'), morgan = require('morgan'), _ = require('lodash');
require('sequelize');
const app = express();
app.use(morgan('tiny'));
app.get('/', (req, res) => res.json(_.pick({ready: true, x: 1}, ['ready'])));
app.listen(3000, '0.0.0.0', () => console.log('listening on 3000'));
EOF
  EXPOSE 3000/tcp
  CMD '["node","server.js"]'
  CATEGORY web-framework; READY tcp 3000
}
img_sinatra() {
  FROM ruby
  APT ruby-sinatra ruby-sinatra-contrib puma
  COPY /usr/src/app/app.rb <<'EOF'
require 'sinatra'
set :server, :puma
set :bind, '0.0.0.0'
set :port, 4567
get('/') { "ready\n" }
EOF
  WORKDIR /usr/src/app; EXPOSE 4567/tcp
  CMD '["ruby","app.rb"]'
  CATEGORY web-framework; READY tcp 4567
}
mvn_get() { # mvn_get DIR : the run-time jars of the pom on stdin, into DIR
  local w; w=$(mktemp -d); cat >"$w/pom.xml"
  (cd "$w" && mvn -q -B -ntp dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$1"); rm -rf "$w"
}
img_spring-boot() {
  FROM java
  RUN 'groupadd -r spring && useradd -r -g spring spring'
  _springlib() {
    mkdir -p "$ROOT/app/lib"
    mvn_get "$ROOT/app/lib" <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>demo</groupId><artifactId>demo</artifactId><version>1</version><dependencies>
<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId><version>2.7.18</version></dependency>
<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-actuator</artifactId><version>2.7.18</version></dependency>
<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-data-jpa</artifactId><version>2.7.18</version></dependency>
<dependency><groupId>jakarta.xml.bind</groupId><artifactId>jakarta.xml.bind-api</artifactId><version>2.3.3</version></dependency>
<dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId><version>2.1.214</version></dependency>
</dependencies></project>
EOF
  }
  HOSTRUN '#(nop) COPY dir:dependencies in /app/lib ' _springlib
  _springapp() {
    local w; w=$(mktemp -d)
    cat >"$w/Demo.java" <<'EOF'
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.*;
@SpringBootApplication @RestController
public class Demo {
  @GetMapping("/") public String home() { return "ready\n"; }
  public static void main(String[] a) { SpringApplication.run(Demo.class, a); }
}
EOF
    mkdir -p "$ROOT/app/classes/demo"; sed -i '1i package demo;' "$w/Demo.java"
    javac --release 17 -cp "$ROOT/app/lib/*" -d "$ROOT/app/classes" "$w/Demo.java"; rm -rf "$w"
  }
  HOSTRUN '#(nop) COPY dir:application in /app/classes ' _springapp
  WORKDIR /app; EXPOSE 8080/tcp
  ENTRYPOINT '["java","-cp","/app/classes:/app/lib/*","demo.Demo"]'; CMD '[]'
  CATEGORY web-framework; READY tcp 8080
}

# ---- application platform and the rest ----
img_tomcat() {
  FROM java
  ENV CATALINA_HOME=/usr/share/tomcat10
  ENV CATALINA_BASE=/var/lib/tomcat10
  APT libtcnative-1 tomcat10 -- 'mkdir -p /var/lib/tomcat10/temp'
  APT tomcat10-docs tomcat10-examples
  EXPOSE 8080/tcp; WORKDIR /var/lib/tomcat10
  CMD '["/usr/share/tomcat10/bin/catalina.sh","run"]'
  CATEGORY platform; READY tcp 8080
}
img_activemq() {
  FROM java
  ENV ACTIVEMQ_HOME=/opt/activemq
  _amq() {
    local w; w=$(mktemp -d)
    (cd "$w" && mvn -q -B -ntp dependency:copy -DoutputDirectory="$w" \
      -Dartifact=org.apache.activemq:apache-activemq:5.18.3:tar.gz:bin)
    mkdir -p "$ROOT/opt/activemq"
    tar -C "$ROOT/opt/activemq" --strip-components=1 --no-same-owner -xf "$w"/*.tar.gz; rm -rf "$w"
    sed -i 's/host" value="127.0.0.1"/host" value="0.0.0.0"/' "$ROOT/opt/activemq/conf/jetty.xml"
  }
  HOSTRUN 'curl -fL activemq.tar.gz | tar -C /opt/activemq --strip-components=1 -xz' _amq
  RUN 'useradd -r -M -d /opt/activemq activemq && chown -R activemq:activemq /opt/activemq'
  RUNUSER activemq; WORKDIR /opt/activemq; EXPOSE 61616/tcp; EXPOSE 8161/tcp
  CMD '["/bin/sh","-c","bin/activemq console"]'
  CATEGORY platform; READY tcp 8161
}
img_rabbitmq() {
  FROM debian
  RUN 'groupadd --gid 999 --system rabbitmq && useradd --uid 999 --system --home-dir /var/lib/rabbitmq --gid rabbitmq rabbitmq'
  APT ca-certificates gosu tzdata
  APT erlang-base erlang-asn1 erlang-crypto erlang-eldap erlang-ftp erlang-inets erlang-mnesia \
      erlang-os-mon erlang-parsetools erlang-public-key erlang-runtime-tools erlang-snmp erlang-ssl \
      erlang-syntax-tools erlang-tftp erlang-tools erlang-xmerl
  APT rabbitmq-server -- 'rm -f /var/lib/rabbitmq/.erlang.cookie'
  RUN 'rabbitmq-plugins enable --offline rabbitmq_management'
  COPY 755 /usr/local/bin/docker-entrypoint.sh <<'EOF'
#!/bin/sh
set -e
if [ "$1" = rabbitmq-server ] && [ "$(id -u)" = 0 ]; then
  mkdir -p /var/lib/rabbitmq /var/log/rabbitmq
  find /var/lib/rabbitmq /var/log/rabbitmq \! -user rabbitmq -exec chown rabbitmq '{}' +
  export HOME=/var/lib/rabbitmq
  exec gosu rabbitmq "$@"
fi
exec "$@"
EOF
  ENV RABBITMQ_LOGS=-
  ENV HOME=/var/lib/rabbitmq
  EXPOSE 5672/tcp; EXPOSE 15672/tcp; VOLUME /var/lib/rabbitmq
  ENTRYPOINT '["docker-entrypoint.sh"]'
  CMD '["rabbitmq-server"]'
  CATEGORY platform; READY tcp 5672
}
img_wordpress() {
  FROM httpd
  APT libapache2-mod-php php-mysql php-gd php-curl php-xml php-mbstring php-zip ghostscript
  APT wordpress wordpress-l10n
  RUN 'printf "Alias / /usr/share/wordpress/\n<Directory /usr/share/wordpress>\nRequire all granted\nDirectoryIndex index.php\n</Directory>\n" > /etc/apache2/conf-enabled/wordpress.conf'
  COPY /etc/wordpress/config-default.php <<'EOF'
<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root');
define('DB_PASSWORD', ''); define('DB_HOST', '127.0.0.1');
EOF
  COPY 755 /usr/local/bin/docker-entrypoint.sh <<'EOF'
#!/bin/sh
set -e
php -r 'exit(is_file("/usr/share/wordpress/wp-settings.php") ? 0 : 1);'
exec "$@"
EOF
  VOLUME /var/www/html
  ENTRYPOINT '["docker-entrypoint.sh"]'
  CMD '["httpd-foreground"]'
  CATEGORY platform; READY tcp 80
}

