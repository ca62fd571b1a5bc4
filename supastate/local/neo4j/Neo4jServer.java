import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.BoltConnectorInternalSettings;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * Neo4j Community with Bolt on loopback: `java -cp 'lib/*' Neo4jServer.java HOME PORT READY_FILE`.
 *
 * The password of the user neo4j comes from the environment (NEO4J_PASSWORD), out of sight of the list of
 * processes. READY_FILE is written once the server answers; it stops on SIGTERM or when its input closes.
 */
public class Neo4jServer {
    public static void main(String[] arguments) throws Exception {
        DatabaseManagementService service =
                new DatabaseManagementServiceBuilder(Path.of(arguments[0]))
                        .setConfig(BoltConnector.enabled, true)
                        .setConfig(BoltConnector.listen_address,
                                new SocketAddress("127.0.0.1", Integer.parseInt(arguments[1])))
                        .setConfig(GraphDatabaseSettings.auth_enabled, true)
                        .setConfig(GraphDatabaseSettings.allow_file_urls, false)
                        .setConfig(BoltConnectorInternalSettings.thread_pool_shutdown_wait_time, Duration.ofSeconds(1))
                        .setConfig(GraphDatabaseSettings.pagecache_memory, 64L * 1024 * 1024)
                        .build();
        Runtime.getRuntime().addShutdownHook(new Thread(service::shutdown));
        service.database(GraphDatabaseSettings.SYSTEM_DATABASE_NAME).executeTransactionally(
                "CREATE OR REPLACE USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED",
                Map.of("password", System.getenv("NEO4J_PASSWORD")));
        Files.writeString(Path.of(arguments[2]), "ready\n");
        while (System.in.read() != -1) {}
        System.exit(0);
    }
}
