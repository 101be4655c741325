## new actor DOMAIN NAME: the files of a new actor: header, source, test
dev_new() {
  [ "${1:-}" = actor ] && [ $# -eq 3 ] || { echo "usage: ./dev new actor DOMAIN NAME" >&2; return 2; }
  local domain=$2 name=$3 file
  [[ $domain =~ ^[a-z_]+$ && $name =~ ^[a-z_]+$ ]] || { echo "names are lower case with underscores" >&2; return 2; }
  for file in "actors/$domain/$name.hpp" "actors/$domain/$name.cpp" "tests/actors/$domain/${name}_test.cpp"; do
    [ ! -e "$file" ] || { echo "$file exists" >&2; return 1; }
    mkdir -p "$(dirname "$file")"
  done
  sed -e "s/@domain@/$domain/g" -e "s/@name@/$name/g" scripts/templates/actor.hpp.in >"actors/$domain/$name.hpp"
  sed -e "s/@domain@/$domain/g" -e "s/@name@/$name/g" scripts/templates/actor.cpp.in >"actors/$domain/$name.cpp"
  sed -e "s/@domain@/$domain/g" -e "s/@name@/$name/g" scripts/templates/actor_test.cpp.in >"tests/actors/$domain/${name}_test.cpp"
  echo "made actors/$domain/$name.{hpp,cpp} and tests/actors/$domain/${name}_test.cpp"
  echo "now: say its messages in messages/actors/$domain.hpp, and spawn it where its parent is"
}
