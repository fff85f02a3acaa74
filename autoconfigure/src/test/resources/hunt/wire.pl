# A bad cable between a port of the bridge `switch` and that bridge, in the namespace it runs in: each frame is late by
# DELAY ms and up to JITTER ms more, so that frames overtake each other, and LOSS % are lost, each way.
#
#   wire PORT DELAY JITTER LOSS
#
# Prints "ready", and ends with its standard input. (Linux has netem for this, but not every kernel has netem.)

use strict;
use warnings;
use Time::HiRes qw(time);

my ($port, $delay, $jitter, $loss) = @ARGV;
$| = 1;

sub ip { system('ip', 'link', @_) == 0 or die "ip link @_" }

my @ends = map {
	open(my $tap, '+<', '/dev/net/tun') or die "/dev/net/tun: $!";
	ioctl($tap, 0x400454ca, pack('a16 S x22', $_, 0x1002)) or die "TUNSETIFF $_: $!"; # IFF_TAP | IFF_NO_PI
	$tap;
} qw(near far);
ip('add', 'name', 'bad', 'type', 'bridge');
ip('set', 'bad', 'up');
ip('set', 'near', 'master', 'switch', 'up');
ip('set', 'far', 'master', 'bad', 'up');
ip('set', $port, 'master', 'bad');
print "ready\n";
my @due;
while (1) {
	my $bits = '';
	vec($bits, fileno($_), 1) = 1 for @ends, *STDIN;
	my $ready = select($bits, undef, undef, @due ? ($due[0][0] > time ? $due[0][0] - time : 0) : undef);
	last if $ready > 0 && vec($bits, fileno(STDIN), 1);
	for my $i ($ready > 0 ? (0, 1) : ()) {
		next unless vec($bits, fileno($ends[$i]), 1) && sysread($ends[$i], my $frame, 65536);
		next if rand(100) < $loss;
		my $at = time + ($delay + ($jitter ? rand($jitter) : 0)) / 1000;
		my $place = @due;
		$place-- while $place && $due[$place - 1][0] > $at;
		splice(@due, $place, 0, [$at, $ends[1 - $i], $frame]);
	}
	while (@due && $due[0][0] <= time) {
		my (undef, $to, $frame) = @{ shift @due };
		syswrite($to, $frame);
	}
}
ip('set', $port, 'master', 'switch');
ip('del', 'bad');
