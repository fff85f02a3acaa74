set sql_log_bin = 0;
create database if not exists cities;
create user if not exists 'cities'@'127.0.0.1' identified by 'cities';
grant all on cities.* to 'cities'@'127.0.0.1';
create user if not exists 'replica'@'127.0.0.1' identified by 'replica';
grant replication slave on *.* to 'replica'@'127.0.0.1';
create user if not exists 'admin'@'127.0.0.1' identified by 'admin';
grant all on *.* to 'admin'@'127.0.0.1';
