namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows that only <c>[fcgi-program:x]</c> has (OPT-110..114).</summary>
internal static class FcgiOptions
{
    public static readonly Option<string?> Socket = new("socket", Types.Text!, null, "tcp://host:port or unix:///path, handed over as descriptor 0.")
    {
        IsRequired = true,
    };
    public static readonly Option<int?> Backlog = new("socket_backlog", Types.Integer.As(b => (int?)b), null, "Length of the accept queue.")
    {
        DefaultNote = "the system's maximum",
    };
    public static readonly Option<(Identity User, Identity Group)?> Owner = new("socket_owner",
        Types.Owner.Refusing(text => "Invalid socket_owner value " + text), null, "Owner and group of a unix socket.")
    {
        DefaultNote = "the program's user and group",
    };
    public static readonly Option<int?> Mode = new("socket_mode",
        Types.Octal.As(m => (int?)m).Refusing(text => "Invalid socket_mode value " + text), null, "Mode of a unix socket.")
    {
        DefaultNote = "0700",
    };
}
