set sql_log_bin = 0;
create database if not exists cities;
-- From where each may come says the firewall, or bind_address.
create user if not exists 'cities'@'%' identified by 'cities';
grant all on cities.* to 'cities'@'%';
create user if not exists 'replica'@'%' identified by 'replica';
-- connection admin: the other database is let through the gate.
grant replication slave, connection admin on *.* to 'replica'@'%';
-- HAProxy's, for check-database. It may do nothing but ask.
create user if not exists 'check'@'%';
create user if not exists 'admin'@'%' identified by 'admin';
grant all on *.* to 'admin'@'%';
