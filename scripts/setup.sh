# shellcheck shell=bash
#
# Makes sure that a JDK, Maven and memcached are there; installs what is missing.
# Sourced by run-sample and run-tests. Works with the bash 3.2 of macOS.
#
# Afterwards JAVA_HOME names a suitable JDK and MEMCACHED_BINARY the memcached to use.

MIN_JAVA=17
MIN_MAVEN=3.6.3

say() {
  printf '==> %s\n' "$*" >&2
}

die() {
  printf '\nerror: %s\n' "$1" >&2
  shift
  if [ $# -gt 0 ]; then
    printf '       %s\n' "$@" >&2
  fi
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# Major version of the JDK at $1, or nothing if there is none: a JRE without a compiler does not count.
jdk_version() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  "$1/bin/javac" -version 2>&1 </dev/null | sed -n 's/^javac \(1\.\)\{0,1\}\([0-9][0-9]*\).*/\2/p' | head -n 1
}

jdk_is_suitable() {
  local version
  version=$(jdk_version "$1")
  [ -n "$version" ] && [ "$version" -ge "$MIN_JAVA" ]
}

# The home of the JDK whose javac is on the PATH.
jdk_on_path() {
  local file link
  file=$(command -v javac 2>/dev/null) || return 0
  if [ "$file" = /usr/bin/javac ] && [ -x /usr/libexec/java_home ]; then
    # On macOS this is a stub that may ask for an installation.
    /usr/libexec/java_home -v "$MIN_JAVA+" 2>/dev/null </dev/null
    return 0
  fi
  while [ -L "$file" ]; do
    link=$(readlink "$file")
    case $link in
      /*) file=$link ;;
      *) file=$(dirname "$file")/$link ;;
    esac
  done
  (cd "$(dirname "$file")/.." 2>/dev/null && pwd -P)
}

# Print the home of a suitable JDK: the user's choice, else the PATH's, else one installed at a usual place.
find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" "$(jdk_on_path)" \
    /usr/lib/jvm/* /opt/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
    if [ -n "$candidate" ] && jdk_is_suitable "$candidate"; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# Whether version $1 is at least version $2; both are dotted numbers.
version_at_least() {
  local IFS=. i
  local -a actual required
  # shellcheck disable=SC2206 # split at the dots
  actual=(${1%%-*}) required=($2)
  for i in 0 1 2; do
    if [ "${actual[$i]:-0}" -gt "${required[$i]:-0}" ]; then
      return 0
    fi
    if [ "${actual[$i]:-0}" -lt "${required[$i]:-0}" ]; then
      return 1
    fi
  done
}

maven_version() {
  mvn -B -v 2>/dev/null </dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1
}

maven_is_suitable() {
  local version
  have mvn || return 1
  version=$(maven_version)
  [ -n "$version" ] && version_at_least "$version" "$MIN_MAVEN"
}

find_memcached() {
  local candidate
  for candidate in "$(command -v memcached 2>/dev/null)" /usr/bin/memcached \
    /opt/homebrew/bin/memcached /usr/local/bin/memcached /home/linuxbrew/.linuxbrew/bin/memcached \
    "$TOOLS/memcached"; do
    if [ -n "$candidate" ] && [ -x "$candidate" ] && "$candidate" -V >/dev/null 2>&1 </dev/null; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# Run a command as root without asking for anything.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

can_be_root() {
  [ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true >/dev/null 2>&1 </dev/null; }
}

apt_has() {
  apt-cache show "$1" >/dev/null 2>&1 </dev/null
}

apt_update() {
  [ -n "${APT_UPDATED:-}" ] && return 0
  say "Updating the package lists (apt-get update)"
  as_root apt-get -q update >>"$SETUP_LOG" 2>&1 </dev/null || say "apt-get update had errors, see $SETUP_LOG"
  APT_UPDATED=true
}

# The package of a JDK that is new enough; default-jdk-headless is Java 11 on some releases.
apt_jdk_package() {
  local version
  version=$(apt-cache depends default-jdk-headless 2>/dev/null </dev/null |
    sed -n 's/.*Depends: openjdk-\([0-9][0-9]*\)-jdk-headless.*/\1/p' | head -n 1)
  if [ -n "$version" ] && [ "$version" -ge "$MIN_JAVA" ]; then
    echo default-jdk-headless
    return 0
  fi
  for version in 21 17 25; do
    if apt_has "openjdk-$version-jdk-headless"; then
      echo "openjdk-$version-jdk-headless"
      return 0
    fi
  done
  echo default-jdk-headless
}

# Install packages; `jdk` stands for a suitable JDK.
apt_install() {
  local package attempt
  local -a packages
  for package in "$@"; do
    if [ "$package" = jdk ]; then
      apt_has default-jdk-headless || apt_update
    else
      apt_has "$package" || apt_update
    fi
  done
  for attempt in first second; do
    packages=()
    for package in "$@"; do
      if [ "$package" = jdk ]; then
        package=$(apt_jdk_package)
      fi
      packages+=("$package")
    done
    say "Installing ${packages[*]} (apt-get install)"
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
      -o DPkg::Lock::Timeout=300 install "${packages[@]}" >>"$SETUP_LOG" 2>&1 </dev/null; then
      return 0
    fi
    # The lists may name files that are gone.
    if [ "$attempt" = second ] || [ -n "${APT_UPDATED:-}" ]; then
      break
    fi
    apt_update
  done
  tail -n 20 "$SETUP_LOG" >&2
  die "apt-get could not install ${packages[*]} (its output is in $SETUP_LOG)." \
    "Install them yourself and try again."
}

brew_install() {
  local package
  local -a packages
  packages=()
  for package in "$@"; do
    case $package in
      jdk) packages+=(openjdk@21) ;;
      *) packages+=("$package") ;;
    esac
  done
  say "Installing ${packages[*]} (brew install)"
  NONINTERACTIVE=1 HOMEBREW_NO_INSTALL_CLEANUP=1 brew install "${packages[@]}" >>"$SETUP_LOG" 2>&1 </dev/null || {
    tail -n 20 "$SETUP_LOG" >&2
    die "brew could not install ${packages[*]} (its output is in $SETUP_LOG)." \
      "Install a JDK >= $MIN_JAVA, Maven >= $MIN_MAVEN and memcached yourself and try again."
  }
}

# Fetch memcached and the libraries it lacks from the package archive and unpack them into the build folder.
unpack_memcached() {
  local package root=$TOOLS/root
  local -a apt
  say "Fetching memcached into ${TOOLS#"$ROOT"/} (apt-get download, as there is no root)"
  mkdir -p "$root" "$TOOLS/debs" "$TOOLS/apt/state/lists/partial" "$TOOLS/apt/cache/archives/partial"
  apt=(-q -o "Dir::Cache=$TOOLS/apt/cache")
  if ! apt_has memcached; then
    # The system has no package lists and only root may fetch them: so they are fetched into the build folder.
    apt+=(-o "Dir::State=$TOOLS/apt/state" -o Dir::State::status=/var/lib/dpkg/status)
    apt-get "${apt[@]}" update >>"$SETUP_LOG" 2>&1 </dev/null || true
  fi
  (
    cd "$TOOLS/debs" || exit 1
    apt-get "${apt[@]}" download memcached >>"$SETUP_LOG" 2>&1 </dev/null || exit 1
    for package in $(apt-cache "${apt[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts \
      --no-breaks --no-replaces --no-enhances memcached 2>>"$SETUP_LOG" </dev/null |
      sed -n 's/^\(lib[a-z0-9.+-]*\).*/\1/p' | sort -u); do
      case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
        *" installed") ;;
        *) apt-get "${apt[@]}" download "$package" >>"$SETUP_LOG" 2>&1 </dev/null || true ;;
      esac
    done
    for package in *.deb; do
      dpkg -x "$package" "$root" >>"$SETUP_LOG" 2>&1 || exit 1
    done
  ) || return 1
  cat >"$TOOLS/memcached" <<'WRAPPER'
#!/bin/sh
# memcached, unpacked beside this file together with the libraries that the system lacks.
root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/root
for directory in "$root"/usr/lib/*-linux-* "$root"/lib/*-linux-* "$root"/usr/lib "$root"/lib; do
  if [ -d "$directory" ]; then
    LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$directory
  fi
done
export LD_LIBRARY_PATH
exec "$root/usr/bin/memcached" "$@"
WRAPPER
  chmod +x "$TOOLS/memcached"
  "$TOOLS/memcached" -V >>"$SETUP_LOG" 2>&1 </dev/null
}

install_line() {
  if have apt-get; then
    printf 'sudo apt-get update && sudo apt-get install -y %s' "$*"
  else
    printf 'brew install %s' "${*//default-jdk-headless/openjdk@21}"
  fi
}

# The names of what is missing, as packages.
find_missing() {
  local given_java_home=${JAVA_HOME:-} home
  MISSING=()
  if home=$(find_jdk); then
    if [ -n "$given_java_home" ] && [ "$home" != "$given_java_home" ]; then
      say "JAVA_HOME ($given_java_home) is no JDK >= $MIN_JAVA: using $home"
    fi
    export JAVA_HOME=$home
  else
    MISSING+=(jdk)
  fi
  maven_is_suitable || MISSING+=(maven)
  if [ -z "${MEMCACHED_BINARY:-}" ]; then
    MEMCACHED_BINARY=$(find_memcached) || MISSING+=(memcached)
  fi
}

setup() {
  local package
  ROOT=$1
  TOOLS=$ROOT/build/tools
  SETUP_LOG=$ROOT/build/setup.log
  mkdir -p "$TOOLS"
  : >"$SETUP_LOG"

  find_missing
  if [ ${#MISSING[@]} -eq 0 ]; then
    return 0
  fi
  if have apt-get && can_be_root; then
    apt_install "${MISSING[@]}"
  elif have brew; then
    brew_install "${MISSING[@]}"
  elif have apt-get && [ "${MISSING[*]}" = memcached ]; then
    unpack_memcached || {
      tail -n 20 "$SETUP_LOG" >&2
      die "memcached could not be fetched (the output is in $SETUP_LOG). Install it:" "$(install_line memcached)"
    }
  elif have apt-get; then
    die "Missing: ${MISSING[*]}. Installing needs root, and sudo is not available without a password. Run:" \
      "$(install_line "${MISSING[@]/#jdk/default-jdk-headless}")"
  else
    die "Missing: ${MISSING[*]}. There is neither apt-get nor brew to install them with." \
      "Needed are a JDK >= $MIN_JAVA (JAVA_HOME or PATH), Maven >= $MIN_MAVEN and memcached on the PATH."
  fi

  hash -r
  find_missing
  for package in ${MISSING[@]+"${MISSING[@]}"}; do
    case $package in
      jdk) die "No JDK >= $MIN_JAVA was found after the installation." \
        "Install one and set JAVA_HOME to it." ;;
      maven) die "Maven >= $MIN_MAVEN was not found after the installation (found: $(maven_version))." \
        "Install one from https://maven.apache.org and put its bin folder first on the PATH." ;;
      *) die "$package was not found after the installation." ;;
    esac
  done
}

# Whether a server program is there: they are often not on the PATH of users.
have_server() {
  have "$1" || [ -x "/usr/sbin/$1" ] || [ -x "/usr/local/sbin/$1" ]
}

# What the high availability drill needs besides: servers that it runs privately and, where they can be installed, what makes
# hosts of their own for them (see sample-app/ha/on-hosts). After `setup`.
setup_ha() {
  local -a packages
  packages=()
  if have brew && ! have apt-get; then
    have_server mariadbd || packages+=(mariadb)
    have_server haproxy || packages+=(haproxy)
    [ ${#packages[@]} -eq 0 ] || brew_install "${packages[@]}"
    return 0
  fi
  if ! have_server mariadbd || ! have mariadb-install-db; then
    packages+=(mariadb-server-core mariadb-client-core)
  fi
  have_server haproxy || packages+=(haproxy)
  have curl || packages+=(curl)
  if have apt-get && can_be_root; then
    have_server keepalived || packages+=(keepalived)
    add_host_packages
  fi
  if [ ${#packages[@]} -eq 0 ]; then
    return 0
  fi
  if have apt-get && can_be_root; then
    apt_install "${packages[@]}"
  else
    die "Missing: ${packages[*]}. Install them:" "$(install_line "${packages[@]}")"
  fi
}

# Adds to `packages` what makes network namespaces, firewalls, bad cables and clocks that differ, unless it is there.
add_host_packages() {
  have_server ip || packages+=(iproute2)
  have_server nft || packages+=(nftables)
  have faketime || packages+=(faketime)
  perl -MTime::HiRes -e 1 2>/dev/null || packages+=(perl)
}

# What the hunt across hosts needs besides: root, and hosts of their own. After `setup`.
setup_hosts() {
  local -a packages
  packages=()
  [ "$(id -u)" -eq 0 ] || die "Hosts of their own are network namespaces, which only root can make on Linux. Run it as root."
  PATH=$PATH:/usr/sbin:/sbin
  add_host_packages
  if [ ${#packages[@]} -eq 0 ]; then
    return 0
  fi
  have apt-get || die "Missing: ${packages[*]}."
  apt_install "${packages[@]}"
}

# twemproxy, which one test stands before two servers; after setup. It is skipped where this cannot be installed. Debian's
# package starts nothing, as it comes without a configuration.
setup_twemproxy() {
  have_server nutcracker && return 0
  if have apt-get && can_be_root; then
    # In a subshell: whoever lacks it may still run the other tests.
    (apt_install nutcracker) || true
  fi
  have_server nutcracker || say "No nutcracker (twemproxy): the tests before it are skipped."
}

have_browser() {
  { { [ -x /usr/bin/chromium ] || [ -x /usr/bin/google-chrome ]; } && [ -x /usr/bin/chromedriver ]; } ||
    { [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] &&
      { [ -x /opt/homebrew/bin/chromedriver ] || [ -x /usr/local/bin/chromedriver ]; }; }
}

# Chromium and its driver, for the test of the sample's dashboard; after setup. Where they cannot be installed that test
# is skipped, except on a build server, where it fails.
setup_browser() {
  have_browser && return 0
  if have apt-get && can_be_root; then
    # In a subshell: whoever lacks a browser may still run the other tests.
    (apt_install chromium chromium-driver) || true
    have_browser && return 0
  fi
  if [ "${CI:-}" = true ]; then
    die "Chromium and its driver are missing, and the dashboard is tested with them. Run:" \
      "$(browser_install_line)"
  fi
  say "No Chromium with its driver: the dashboard is not tested in a browser. To have it tested: $(browser_install_line)"
}

browser_install_line() {
  if have apt-get; then
    install_line chromium chromium-driver
  else
    printf 'brew install --cask google-chrome chromedriver'
  fi
}

# Node.js and the npm packages of the sample's store of notes, private to the sample; after setup. Where they cannot be
# installed its tests are skipped, except on a build server, where they fail.
setup_notes() {
  local notes=$ROOT/sample-app/notes
  if have node && [ "$notes/node_modules/.package-lock.json" -nt "$notes/package-lock.json" ]; then
    return 0
  fi
  # In subshells: whoever lacks Node.js may still run the other tests.
  if ! have npm && have apt-get && can_be_root; then
    (apt_install nodejs npm) || true
  elif ! have npm && have brew; then
    (brew_install node) || true
  fi
  say "Fetching the sample's store of notes (npm ci)"
  (cd "$notes" && npm ci --ignore-scripts --no-audit --no-fund) >>"$SETUP_LOG" 2>&1 </dev/null ||
    say "No store of notes, which needs Node.js and npm: notes are not tested (npm's output is in $SETUP_LOG)"
}
